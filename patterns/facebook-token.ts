// Facebook access token or app secret: a value behind names such as `FACEBOOK_`.
import { BASE62, HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'facebook-token',
  title: 'Facebook access token or app secret',
  severity: 'high',
  about: `
An access token or the secret of an app of
[Meta](https://developers.facebook.com/docs/facebook-login/guides/access-tokens).
`,
  revoke: 'reset the secret of the app; that ends its tokens.',
  names: ['FACEBOOK_', 'FB_ACCESS_TOKEN', 'FB_APP_SECRET', 'WHATSAPP_', 'INSTAGRAM_'],
  values: [['EAA', [BASE62, 80, 300]], [[HEX, 32]]],
});
