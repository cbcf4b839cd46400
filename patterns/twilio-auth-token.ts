// Twilio auth token or API key secret: a value behind names such as `TWILIO_`.
import { BASE62, HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'twilio-auth-token',
  title: 'Twilio auth token or API key secret',
  severity: 'critical',
  about: `
The auth token of an account or the secret of an API key at [Twilio](https://www.twilio.com/docs/iam/api-keys).
`,
  revoke: 'rotate the auth token, or delete the API key, in the console of Twilio.',
  names: ['TWILIO_'],
  values: [[[HEX, 32]], [[BASE62, 32]]],
});
