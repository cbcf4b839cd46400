// Confluent Cloud API secret: a value behind names such as `CONFLUENT_`.
import { BASE64 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'confluent-api-secret',
  title: 'Confluent Cloud API secret',
  severity: 'critical',
  about: `
The secret of an API key of [Confluent
Cloud](https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html).
`,
  revoke: 'delete the key under *API keys*.',
  names: ['CONFLUENT_'],
  values: [[[BASE64, 64]]],
});
