// dbt Cloud token: `dbtc_…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'dbt-cloud-token',
  title: 'dbt Cloud token',
  severity: 'high',
  about: `
A service (\`dbtc_\`) or personal (\`dbtu_\`) token of [dbt](https://docs.getdbt.com/docs/dbt-cloud-apis/authentication).
`,
  revoke: 'delete it in the settings of dbt.',
  shapes: [
    ['dbtc_', [BASE64URL, 36, 52]],
    ['dbtu_', [BASE64URL, 36, 52]],
  ],
});
