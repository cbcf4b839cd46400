// Nomad ACL token: a value behind names such as `NOMAD_TOKEN`.
import { UUID } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'nomad-token',
  title: 'Nomad ACL token',
  severity: 'high',
  about: `
A token of the access control of [Nomad](https://developer.hashicorp.com/nomad/docs/secure/acl).
`,
  revoke: 'delete it with `nomad acl token delete`.',
  names: ['NOMAD_TOKEN'],
  headers: ['X-Nomad-Token'],
  values: [[...UUID]],
});
