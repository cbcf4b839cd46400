// Resend API key: a value behind names such as `RESEND_`.
import { BASE62 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'resend-api-key',
  title: 'Resend API key',
  severity: 'high',
  about: `
An API key of [Resend](https://resend.com/docs/dashboard/api-keys/introduction).
`,
  revoke: 'delete it under *API keys*.',
  names: ['RESEND_'],
  values: [['re_', [BASE62, 8], '_', [BASE62, 24]]],
});
