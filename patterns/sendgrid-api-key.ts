// SendGrid API key: `SG.….…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'sendgrid-api-key',
  title: 'SendGrid API key',
  severity: 'high',
  about: `
An API key of [SendGrid](https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys): it sends mail in the name
of the company.
`,
  revoke: 'delete the key in the settings of SendGrid.',
  shapes: [['SG.', [BASE64URL, 22], '.', [BASE64URL, 43]]],
  wide: true,
});
