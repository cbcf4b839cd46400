// Google API key: `AIza…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'google-api-key',
  title: 'Google API key',
  severity: 'low',
  about: `
An API key of [Google](https://cloud.google.com/docs/authentication/api-keys). Many stand in public web pages and apps on
purpose; it is a secret when it is not restricted to them.
`,
  revoke: 'restrict or regenerate the key under *Credentials* of the project.',
  shapes: [['AIza', [BASE64URL, 35]]],
  wide: true,
});
