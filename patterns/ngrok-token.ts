// ngrok token: a value behind names such as `NGROK_`.
import { BASE62 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'ngrok-token',
  title: 'ngrok token',
  severity: 'medium',
  about: `
An authtoken or API key of [ngrok](https://ngrok.com/docs/agent/#authtokens).
`,
  revoke: 'delete it in the dashboard of ngrok.',
  names: ['NGROK_', 'authtoken'],
  values: [[[BASE62, 27], '_', [BASE62, 21]], [[BASE62, 48, 49]]],
});
