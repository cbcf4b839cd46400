// Stripe secret key: `sk_live_…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'stripe-secret-key',
  title: 'Stripe secret key',
  severity: 'critical',
  about: `
A secret API key of [Stripe](https://docs.stripe.com/keys): \`sk_live_\` moves money; test keys are of low severity.
`,
  revoke: 'roll the key in the Stripe dashboard.',
  shapes: [
    ['sk_live_', [BASE62, 99]],
    ['sk_live_', [BASE62, 24]],
    { parts: ['sk_test_', [BASE62, 99]], severity: 'low' },
    { parts: ['sk_test_', [BASE62, 24]], severity: 'low' },
  ],
  wide: true,
});
