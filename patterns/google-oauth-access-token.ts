// Google OAuth access token: `ya29.…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'google-oauth-access-token',
  title: 'Google OAuth access token',
  severity: 'high',
  about: `
An access token of [Google](https://developers.google.com/identity/protocols/oauth2), of a user or a service account. It
lives an hour.
`,
  revoke:
    'revoke it with the endpoint `oauth2.googleapis.com/revoke`; the refresh token or key it came from may lie nearby.',
  shapes: [['ya29.', [BASE64URL, 90, 1100]]],
  wide: true,
});
