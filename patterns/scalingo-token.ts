// Scalingo token: `tk-us-…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'scalingo-token',
  title: 'Scalingo token',
  severity: 'high',
  about: `
An API token of [Scalingo](https://developers.scalingo.com/#authentication).
`,
  revoke: 'revoke it under *Tokens* of the profile.',
  shapes: [['tk-us-', [BASE64URL, 48]]],
});
