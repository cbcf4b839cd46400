// Square access token: `EAAA…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'square-access-token',
  title: 'Square access token',
  severity: 'critical',
  about: `
An access token of [Square](https://developer.squareup.com/docs/build-basics/access-tokens).
`,
  revoke: 'replace the token in the developer console of Square.',
  shapes: [
    ['EAAA', [BASE64URL, 60]],
    ['sq0atp-', [BASE64URL, 22]],
  ],
});
