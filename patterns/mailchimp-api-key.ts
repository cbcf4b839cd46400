// Mailchimp API key: a value behind names such as `MAILCHIMP_`.
import { BASE64URL, DIGITS, HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'mailchimp-api-key',
  title: 'Mailchimp API key',
  severity: 'high',
  about: `
An API key of [Mailchimp](https://mailchimp.com/developer/marketing/docs/fundamentals/) (with its data centre) or of
Mandrill.
`,
  revoke: 'revoke it in the settings of the account.',
  names: ['MAILCHIMP_', 'MANDRILL_'],
  values: [
    [[HEX, 32], '-us', [DIGITS, 1, 2, 'any']],
    ['md-', [BASE64URL, 22]],
  ],
});
