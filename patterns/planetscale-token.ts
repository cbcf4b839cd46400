// PlanetScale token or password: `pscale_tkn_…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'planetscale-token',
  title: 'PlanetScale token or password',
  severity: 'critical',
  about: `
A service token (\`pscale_tkn_\`), OAuth token (\`pscale_oauth_\`) or database password (\`pscale_pw_\`) of
[PlanetScale](https://planetscale.com/docs/concepts/service-tokens).
`,
  revoke: 'delete the token or the password in the settings of PlanetScale.',
  shapes: [
    ['pscale_tkn_', [BASE64URL, 32, 64]],
    ['pscale_pw_', [BASE64URL, 32, 64]],
    ['pscale_oauth_', [BASE64URL, 32, 64]],
  ],
  search: 'pscale_',
});
