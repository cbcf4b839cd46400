// Linode token: a value behind names such as `LINODE_`.
import { HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'linode-token',
  title: 'Linode token',
  severity: 'critical',
  about: `
A personal access token of [Linode](https://techdocs.akamai.com/cloud-computing/docs/manage-personal-access-tokens).
`,
  revoke: 'revoke it in the profile.',
  names: ['LINODE_'],
  values: [[[HEX, 64]]],
});
