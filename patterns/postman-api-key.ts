// Postman API key: `PMAK-…-…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'postman-api-key',
  title: 'Postman API key',
  severity: 'high',
  about: `
An API key of [Postman](https://learning.postman.com/docs/developer/postman-api/authentication/): it reads collections and
environments, with their secrets.
`,
  revoke: 'revoke it in the settings of Postman.',
  shapes: [['PMAK-', [HEX, 24], '-', [HEX, 34]]],
  wide: true,
});
