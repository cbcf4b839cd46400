// Mistral API key: a value behind names such as `MISTRAL_`.
import { BASE62 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'mistral-api-key',
  title: 'Mistral API key',
  severity: 'high',
  about: `
An API key of [Mistral AI](https://docs.mistral.ai/getting-started/quickstart/).
`,
  revoke: 'delete it in the console of Mistral.',
  names: ['MISTRAL_', 'CODESTRAL_'],
  values: [[[BASE62, 32]]],
});
