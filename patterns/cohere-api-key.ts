// Cohere API key: a value behind names such as `COHERE_`.
import { BASE62 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'cohere-api-key',
  title: 'Cohere API key',
  severity: 'high',
  about: `
An API key of [Cohere](https://docs.cohere.com/reference/about).
`,
  revoke: 'delete it in the dashboard of Cohere.',
  names: ['COHERE_', 'CO_API_KEY'],
  values: [[[BASE62, 40]]],
});
