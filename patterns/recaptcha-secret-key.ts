// Google reCAPTCHA secret key: a value behind names such as `RECAPTCHA_`.
import { BASE64URL } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'recaptcha-secret-key',
  title: 'Google reCAPTCHA secret key',
  severity: 'medium',
  about: `
The secret key of a site at [reCAPTCHA](https://developers.google.com/recaptcha/docs/verify).
`,
  revoke: 'rotate it in the admin console of reCAPTCHA.',
  names: ['RECAPTCHA_'],
  values: [['6L', [BASE64URL, 38]]],
});
