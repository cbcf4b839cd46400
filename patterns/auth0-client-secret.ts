// Auth0 client secret: a value behind names such as `AUTH0_`.
import { BASE64URL } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'auth0-client-secret',
  title: 'Auth0 client secret',
  severity: 'critical',
  about: `
The secret of an application of [Auth0](https://auth0.com/docs/secure/application-credentials).
`,
  revoke: 'rotate it in the settings of the application.',
  names: ['AUTH0_'],
  values: [[[BASE64URL, 64]]],
});
