// Mailgun API key: a value behind names such as `MAILGUN_`.
import { HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'mailgun-api-key',
  title: 'Mailgun API key',
  severity: 'high',
  about: `
An API key of [Mailgun](https://documentation.mailgun.com/docs/mailgun/api-reference/authentication/).
`,
  revoke: 'delete it in the settings of Mailgun.',
  names: ['MAILGUN_'],
  values: [
    ['key-', [HEX, 32]],
    [[HEX, 32], '-', [HEX, 8], '-', [HEX, 8]],
  ],
});
