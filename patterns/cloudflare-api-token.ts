// Cloudflare API token or global key: a value behind names such as `CLOUDFLARE_`.
import { BASE64URL, HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'cloudflare-api-token',
  title: 'Cloudflare API token or global key',
  severity: 'critical',
  about: `
An API token or the global API key of
[Cloudflare](https://developers.cloudflare.com/fundamentals/api/get-started/create-token/).
`,
  revoke: 'roll the token, or change the global key, under *API tokens* of the profile.',
  names: ['CLOUDFLARE_', 'CF_API_'],
  values: [[[BASE64URL, 40]], [[HEX, 37]]],
});
