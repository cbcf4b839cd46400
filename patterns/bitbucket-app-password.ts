// Bitbucket app password: `ATBB…`
import { BASE62, UPPER_HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'bitbucket-app-password',
  title: 'Bitbucket app password',
  severity: 'high',
  about: `
An app password of [Bitbucket](https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/).
`,
  revoke: 'revoke it in the personal settings of Bitbucket.',
  shapes: [['ATBB', [BASE62, 24], [UPPER_HEX, 8]]],
});
