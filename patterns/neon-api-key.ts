// Neon API key: `napi_…`
import { LOWER36 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'neon-api-key',
  title: 'Neon API key',
  severity: 'critical',
  about: `
An API key of [Neon](https://neon.com/docs/manage/api-keys).
`,
  revoke: 'revoke it under *API keys* of the account.',
  shapes: [['napi_', [LOWER36, 64]]],
});
