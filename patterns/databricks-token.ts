// Databricks token: `dapi…`
import { DIGITS, HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'databricks-token',
  title: 'Databricks token',
  severity: 'critical',
  about: `
A personal access token (\`dapi\`) or OAuth secret (\`dose\`) of
[Databricks](https://docs.databricks.com/dev-tools/auth/pat.html).
`,
  revoke: 'revoke it in the settings of the workspace.',
  shapes: [
    ['dapi', [HEX, 32]],
    ['dapi', [HEX, 32], '-', [DIGITS, 1, 1, 'any']],
    ['dose', [HEX, 32]],
  ],
  wide: true,
});
