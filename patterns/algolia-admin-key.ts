// Algolia API key: a value behind names such as `ALGOLIA_`.
import { HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'algolia-admin-key',
  title: 'Algolia API key',
  severity: 'high',
  about: `
An API key of [Algolia](https://www.algolia.com/doc/guides/security/api-keys/), which may administer its indices.
`,
  revoke: 'regenerate it under *API keys*.',
  names: ['ALGOLIA_'],
  values: [[[HEX, 32]]],
});
