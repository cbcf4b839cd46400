// Paystack secret key: `sk_live_…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'paystack-secret-key',
  title: 'Paystack secret key',
  severity: 'critical',
  about: `
A secret key of [Paystack](https://paystack.com/docs/api/authentication/).
`,
  revoke: 'generate new keys in the Paystack dashboard.',
  shapes: [['sk_live_', [HEX, 40]]],
});
