// Dropbox token: a value behind names such as `DROPBOX_`.
import { BASE64URL, LOWER36 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'dropbox-token',
  title: 'Dropbox token',
  severity: 'high',
  about: `
An access or refresh token, or the secret of an app, of
[Dropbox](https://www.dropbox.com/developers/documentation/http/documentation#authorization).
`,
  revoke: 'revoke it with `/2/auth/token/revoke`, or renew the secret of the app.',
  names: ['DROPBOX_'],
  values: [['sl.', [BASE64URL, 130, 1400]], [[BASE64URL, 64]], [[LOWER36, 15]]],
});
