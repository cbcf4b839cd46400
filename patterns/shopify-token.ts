// Shopify token or secret: `shpat_…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'shopify-token',
  title: 'Shopify token or secret',
  severity: 'critical',
  about: `
An access token of an app (\`shpat_\`, \`shpca_\`, \`shppa_\`, \`shpua_\`) or the secret of one (\`shpss_\`) at
[Shopify](https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens).
`,
  revoke: 'rotate the secret of the app, or uninstall it from the shop.',
  shapes: [
    ['shpat_', [HEX, 32]],
    ['shpca_', [HEX, 32]],
    ['shppa_', [HEX, 32]],
    ['shpss_', [HEX, 32]],
    ['shpua_', [HEX, 32]],
  ],
});
