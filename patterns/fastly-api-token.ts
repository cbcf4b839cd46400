// Fastly API token: a value behind names such as `FASTLY_`.
import { BASE64URL } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'fastly-api-token',
  title: 'Fastly API token',
  severity: 'high',
  about: `
An API token of [Fastly](https://www.fastly.com/documentation/guides/account-info/account-management/using-api-tokens/).
`,
  revoke: 'delete it under *API tokens*.',
  names: ['FASTLY_'],
  headers: ['Fastly-Key'],
  values: [[[BASE64URL, 32]]],
});
