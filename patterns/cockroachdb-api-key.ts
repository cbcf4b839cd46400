// CockroachDB Cloud API key: `CCDB1_…_…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'cockroachdb-api-key',
  title: 'CockroachDB Cloud API key',
  severity: 'critical',
  about: `
An API key of a service account of [CockroachDB Cloud](https://www.cockroachlabs.com/docs/cockroachcloud/managing-access).
`,
  revoke: 'delete the key of the service account.',
  shapes: [['CCDB1_', [BASE62, 22], '_', [BASE62, 40]]],
});
