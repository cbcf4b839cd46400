// PayPal client secret: a value behind names such as `PAYPAL_`.
import { BASE64URL } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'paypal-client-secret',
  title: 'PayPal client secret',
  severity: 'critical',
  about: `
The secret of a REST application of [PayPal](https://developer.paypal.com/api/rest/).
`,
  revoke: 'delete it in the developer dashboard of PayPal.',
  names: ['PAYPAL_'],
  values: [['E', [BASE64URL, 79]]],
});
