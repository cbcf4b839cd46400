// Atlassian API token: `ATATT3xFfGF0…=…`
import { BASE64URL, UPPER_HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'atlassian-api-token',
  title: 'Atlassian API token',
  severity: 'critical',
  about: `
A user's API token of
[Atlassian](https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/): Jira,
Confluence, Bitbucket in the user's name. It ends in eight digits that look like a checksum; Atlassian does not say over
what.
`,
  revoke: 'revoke it in the security settings of the Atlassian account.',
  shapes: [['ATATT3xFfGF0', [BASE64URL, 110, 260], '=', [UPPER_HEX, 8]]],
  wide: true,
});
