// Replicate API token: `r8_…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'replicate-api-token',
  title: 'Replicate API token',
  severity: 'high',
  about: `
An API token of [Replicate](https://replicate.com/docs/topics/security/api-tokens).
`,
  revoke: 'disable the token in the settings of Replicate.',
  shapes: [['r8_', [BASE62, 37]]],
});
