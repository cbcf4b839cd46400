// Together AI API key: a value behind names such as `TOGETHER_`.
import { BASE64URL, HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'together-api-key',
  title: 'Together AI API key',
  severity: 'high',
  about: `
An API key of [Together AI](https://docs.together.ai/docs/quickstart).
`,
  revoke: 'delete it in the settings of Together.',
  names: ['TOGETHER_', 'TOGETHERAI_'],
  values: [[[HEX, 64]], ['tgp_v1_', [BASE64URL, 43]]],
});
