// Razorpay key secret: a value behind names such as `RAZORPAY_`.
import { BASE62 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'razorpay-key-secret',
  title: 'Razorpay key secret',
  severity: 'critical',
  about: `
The secret of an API key of [Razorpay](https://razorpay.com/docs/api/authentication/).
`,
  revoke: 'regenerate the key in the dashboard.',
  names: ['RAZORPAY_'],
  values: [[[BASE62, 24]]],
});
