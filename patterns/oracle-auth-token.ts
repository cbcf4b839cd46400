// Oracle Cloud auth token: a value behind names such as `OCI_AUTH_TOKEN`.
import { BASE62, BASE64 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'oracle-auth-token',
  title: 'Oracle Cloud auth token',
  severity: 'high',
  about: `
An auth token or a secret key of [Oracle Cloud
Infrastructure](https://docs.oracle.com/en-us/iaas/Content/Identity/Tasks/managingcredentials.htm).
`,
  revoke: 'delete it in the profile of the user.',
  names: ['OCI_AUTH_TOKEN', 'OCI_SECRET_KEY', 'ORACLE_AUTH_TOKEN'],
  values: [[[BASE64, 43], '='], [[`${BASE62}{}[]()<>:;.,_#+-`, 20]]],
});
