// Webhook signing secret: `whsec_…`
import { BASE62, BASE64 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'webhook-signing-secret',
  title: 'Webhook signing secret',
  severity: 'medium',
  about: `
The secret that proves deliveries of webhooks of [Stripe](https://docs.stripe.com/webhooks) or, in base64, of services
that follow [Standard Webhooks](https://github.com/standard-webhooks/standard-webhooks).
`,
  revoke: 'roll the secret of the endpoint at the service that sends.',
  shapes: [
    ['whsec_', [BASE64, 32]],
    ['whsec_', [BASE62, 38]],
  ],
});
