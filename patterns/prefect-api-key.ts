// Prefect API key: `pnu_…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'prefect-api-key',
  title: 'Prefect API key',
  severity: 'high',
  about: `
An API key of a user (\`pnu_\`) or a service account (\`pnb_\`) of [Prefect
Cloud](https://docs.prefect.io/v3/how-to-guides/cloud/manage-users/api-keys).
`,
  revoke: 'delete it in the settings of Prefect.',
  shapes: [
    ['pnu_', [BASE62, 36]],
    ['pnb_', [BASE62, 36]],
  ],
});
