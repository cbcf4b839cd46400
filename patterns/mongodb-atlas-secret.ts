// MongoDB Atlas service account secret: `mdb_sa_sk_…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'mongodb-atlas-secret',
  title: 'MongoDB Atlas service account secret',
  severity: 'critical',
  about: `
The secret of a service account of [MongoDB Atlas](https://www.mongodb.com/docs/atlas/api/service-accounts-overview/).
`,
  revoke: 'revoke the secret under *Access manager*.',
  shapes: [['mdb_sa_sk_', [BASE64URL, 40]]],
});
