// Bitbucket access token: `ATCTT3xFfGN0…=…`
import { BASE64URL, UPPER_HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'bitbucket-access-token',
  title: 'Bitbucket access token',
  severity: 'critical',
  about: `
A repository, project or workspace access token of
[Bitbucket](https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/).
`,
  revoke: 'revoke it under *Access tokens* of the repository, project or workspace.',
  shapes: [['ATCTT3xFfGN0', [BASE64URL, 110, 260], '=', [UPPER_HEX, 8]]],
});
