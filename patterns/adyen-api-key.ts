// Adyen API key: a value behind names such as `ADYEN_`.
import { BASE64, BASE64URL } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'adyen-api-key',
  title: 'Adyen API key',
  severity: 'critical',
  about: `
An API key of [Adyen](https://docs.adyen.com/development-resources/api-credentials/).
`,
  revoke: 'generate a new one in the customer area.',
  names: ['ADYEN_'],
  values: [
    ['AQE', [BASE64, 60, 300], '-', [BASE64, 20, 120], '=-', [BASE64URL, 8, 40, 'any']],
    ['AQE', [BASE64, 60, 300]],
  ],
});
