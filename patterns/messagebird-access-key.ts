// MessageBird access key: a value behind names such as `MESSAGEBIRD_`.
import { BASE62 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'messagebird-access-key',
  title: 'MessageBird access key',
  severity: 'high',
  about: `
An access key of [MessageBird](https://developers.messagebird.com/api/#authentication) (Bird).
`,
  revoke: 'delete it in the dashboard.',
  names: ['MESSAGEBIRD_'],
  values: [[[BASE62, 25]]],
});
