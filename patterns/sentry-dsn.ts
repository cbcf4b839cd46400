// Sentry DSNs with a secret, which older projects have: public and secret key in the URL.
import { DIGITS, HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'sentry-dsn',
  title: 'Sentry DSN with a secret',
  severity: 'low',
  about: `
The address that a program sends its errors to ([documentation](https://docs.sentry.io/concepts/key-terms/dsn-explainer/)), in the older form with a secret key.
`,
  revoke: 'revoke the key under *Client keys* of the project; new ones have no secret.',
  shapes: [{ parts: ['https://', [HEX, 32], ':', [HEX, 32], '@sentry.io/', [DIGITS, 1, 20, 'any']], anchor: 4 }],
});
