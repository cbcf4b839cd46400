// ElevenLabs API key: a value behind names such as `ELEVENLABS_`.
import { HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'elevenlabs-api-key',
  title: 'ElevenLabs API key',
  severity: 'high',
  about: `
An API key of [ElevenLabs](https://elevenlabs.io/docs/api-reference/authentication).
`,
  revoke: 'delete it in the settings of ElevenLabs.',
  names: ['ELEVENLABS_', 'ELEVEN_API_KEY'],
  headers: ['xi-api-key'],
  values: [['sk_', [HEX, 48]], [[HEX, 32]]],
});
