// Sentry auth token: `sntrys_eyJ…_…`
import { BASE64, HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'sentry-auth-token',
  title: 'Sentry auth token',
  severity: 'high',
  about: `
An auth token of an organisation (\`sntrys_\`) or a user (\`sntryu_\`) of
[Sentry](https://docs.sentry.io/account/auth-tokens/).
`,
  revoke: 'revoke it under *Auth tokens* in the settings of Sentry.',
  shapes: [
    ['sntrys_eyJ', [BASE64, 80, 400, 'any'], '_', [BASE64, 43]],
    ['sntrys_eyJ', [BASE64, 80, 400, 'any'], '=_', [BASE64, 43]],
    ['sntrys_eyJ', [BASE64, 80, 400, 'any'], '==_', [BASE64, 43]],
    ['sntryu_', [HEX, 64]],
  ],
  search: 'sntry',
});
