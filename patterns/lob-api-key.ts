// Lob API key: a value behind names such as `LOB_API_KEY`.
import { HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'lob-api-key',
  title: 'Lob API key',
  severity: 'high',
  about: `
A secret API key of [Lob](https://docs.lob.com/#tag/Authentication).
`,
  revoke: 'roll it in the settings of Lob.',
  names: ['LOB_API_KEY', 'LOB_SECRET_KEY', 'LOB_LIVE_API_KEY'],
  values: [
    ['live_', [HEX, 35]],
    ['test_', [HEX, 35]],
  ],
});
