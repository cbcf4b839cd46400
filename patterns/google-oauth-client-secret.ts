// Google OAuth client secret: `GOCSPX-…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'google-oauth-client-secret',
  title: 'Google OAuth client secret',
  severity: 'high',
  about: `
The secret of an OAuth client of [Google](https://developers.google.com/identity/protocols/oauth2). Those of installed
applications are published with them.
`,
  revoke: 'reset the secret under *Credentials* of the project.',
  shapes: [['GOCSPX-', [BASE64URL, 28]]],
  wide: true,
});
