// CircleCI token: `CCIPAT_…_…`
import { BASE62, HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'circleci-token',
  title: 'CircleCI token',
  severity: 'critical',
  about: `
A personal (\`CCIPAT_\`) or project (\`CCIPRJ_\`) API token of [CircleCI](https://circleci.com/docs/managing-api-tokens/): it
reads and starts jobs.
`,
  revoke: 'delete it in the settings of CircleCI, and rotate the variables of the projects.',
  shapes: [
    ['CCIPAT_', [BASE62, 22], '_', [HEX, 40]],
    ['CCIPRJ_', [BASE62, 22], '_', [HEX, 40]],
  ],
  search: 'CCIP',
});
