// Deepgram API key: a value behind names such as `DEEPGRAM_`.
import { HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'deepgram-api-key',
  title: 'Deepgram API key',
  severity: 'high',
  about: `
An API key of [Deepgram](https://developers.deepgram.com/docs/create-additional-api-keys).
`,
  revoke: 'delete it in the console of Deepgram.',
  names: ['DEEPGRAM_'],
  values: [[[HEX, 40]]],
});
