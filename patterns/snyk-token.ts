// Snyk API token: a value behind names such as `SNYK_`.
import { UUID } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'snyk-token',
  title: 'Snyk API token',
  severity: 'high',
  about: `
An API token of [Snyk](https://docs.snyk.io/snyk-api/authentication-for-api).
`,
  revoke: 'revoke it in the account settings.',
  names: ['SNYK_'],
  values: [[...UUID]],
});
