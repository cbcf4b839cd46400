// SparkPost API key: a value behind names such as `SPARKPOST_`.
import { HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'sparkpost-api-key',
  title: 'SparkPost API key',
  severity: 'high',
  about: `
An API key of [SparkPost](https://developers.sparkpost.com/api/).
`,
  revoke: 'delete it under *API keys*.',
  names: ['SPARKPOST_'],
  values: [[[HEX, 40]]],
});
