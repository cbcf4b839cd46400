// DigitalOcean token: `dop_v1_…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'digitalocean-token',
  title: 'DigitalOcean token',
  severity: 'critical',
  about: `
A personal access (\`dop_v1_\`), OAuth (\`doo_v1_\`) or refresh (\`dor_v1_\`) token of
[DigitalOcean](https://docs.digitalocean.com/reference/api/create-personal-access-token/).
`,
  revoke: 'delete it under *API* in the control panel.',
  shapes: [
    ['dop_v1_', [HEX, 64]],
    ['doo_v1_', [HEX, 64]],
    ['dor_v1_', [HEX, 64]],
  ],
});
