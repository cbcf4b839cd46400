// ReadMe API key: `rdme_…`
import { LOWER36 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'readme-api-key',
  title: 'ReadMe API key',
  severity: 'medium',
  about: `
An API key of [ReadMe](https://docs.readme.com/main/reference/authentication).
`,
  revoke: 'delete it under *API keys* of the project.',
  shapes: [['rdme_', [LOWER36, 70]]],
});
