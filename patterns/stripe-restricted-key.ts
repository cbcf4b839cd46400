// Stripe restricted key: `rk_live_…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'stripe-restricted-key',
  title: 'Stripe restricted key',
  severity: 'high',
  about: `
A restricted API key of [Stripe](https://docs.stripe.com/keys).
`,
  revoke: 'roll the key in the Stripe dashboard.',
  shapes: [
    ['rk_live_', [BASE62, 99]],
    ['rk_live_', [BASE62, 24]],
    { parts: ['rk_test_', [BASE62, 99]], severity: 'low' },
  ],
});
