// Aiven service password: `AVNS_…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'aiven-password',
  title: 'Aiven service password',
  severity: 'critical',
  about: `
A generated password of a service of [Aiven](https://aiven.io/docs/platform/howto/rotate-access-credentials): PostgreSQL,
Kafka, Redis.
`,
  revoke: 'reset the password of the service user.',
  shapes: [['AVNS_', [BASE64URL, 19]]],
  search: 'AVNS_',
});
