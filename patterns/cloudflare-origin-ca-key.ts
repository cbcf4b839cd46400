// Cloudflare Origin CA key: `v1.0-…-…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'cloudflare-origin-ca-key',
  title: 'Cloudflare Origin CA key',
  severity: 'critical',
  about: `
A key of the [Cloudflare Origin CA](https://developers.cloudflare.com/fundamentals/api/get-started/ca-keys/): it issues
certificates for all zones of the account.
`,
  revoke: 'change the key under *API tokens* of the profile.',
  shapes: [['v1.0-', [HEX, 24], '-', [HEX, 146]]],
});
