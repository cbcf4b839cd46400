// Consul ACL token: a value behind names such as `CONSUL_`.
import { UUID } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'consul-token',
  title: 'Consul ACL token',
  severity: 'high',
  about: `
A token of the access control of [Consul](https://developer.hashicorp.com/consul/docs/security/acl/tokens).
`,
  revoke: 'delete it with `consul acl token delete`.',
  names: ['CONSUL_'],
  headers: ['X-Consul-Token'],
  values: [[...UUID]],
});
