// Okta API token: a value behind names such as `OKTA_`.
import { BASE64URL } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'okta-api-token',
  title: 'Okta API token',
  severity: 'critical',
  about: `
An API token of [Okta](https://developer.okta.com/docs/guides/create-an-api-token/main/): it manages users and
applications.
`,
  revoke: 'revoke it under *Security › API › Tokens*.',
  names: ['OKTA_'],
  headers: ['uthorization: SSWS'],
  values: [['00', [BASE64URL, 40]]],
});
