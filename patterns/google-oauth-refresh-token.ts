// Google OAuth refresh token: `1//0…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'google-oauth-refresh-token',
  title: 'Google OAuth refresh token',
  severity: 'critical',
  about: `
A refresh token of [Google](https://developers.google.com/identity/protocols/oauth2): it gives access tokens until it is
revoked.
`,
  revoke: "remove the application's access in the Google account.",
  shapes: [['1//0', [BASE64URL, 80, 110]]],
});
