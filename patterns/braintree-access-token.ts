// PayPal Braintree access token: `access_token$production$…$…access_token$sandbox$…$…low…`
import { HEX, LOWER36 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'braintree-access-token',
  title: 'PayPal Braintree access token',
  severity: 'critical',
  about: `
An access token of [Braintree](https://developer.paypal.com/braintree/docs/guides/authorization/overview/).
`,
  revoke: 'revoke it in the control panel of Braintree.',
  shapes: [
    ['access_token$production$', [LOWER36, 16], '$', [HEX, 32]],
    { parts: ['access_token$sandbox$', [LOWER36, 16], '$', [HEX, 32]], severity: 'low' },
  ],
  search: 'access_token$',
});
