// Fly.io access token: `fo1_…`
import { BASE64, BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'fly-access-token',
  title: 'Fly.io access token',
  severity: 'critical',
  about: `
An access token of [Fly.io](https://fly.io/docs/security/tokens/): a macaroon (\`fm2_\`) or the older form (\`fo1_\`).
`,
  revoke: 'revoke it with `fly tokens revoke`.',
  shapes: [
    ['fo1_', [BASE64URL, 43]],
    ['fm2_', [BASE64, 100, 900]],
    ['fm1r_', [BASE64, 100, 900]],
  ],
});
