// OpenRouter API key: `sk-or-v1-…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'openrouter-api-key',
  title: 'OpenRouter API key',
  severity: 'high',
  about: `
An API key of [OpenRouter](https://openrouter.ai/docs/api-reference/authentication).
`,
  revoke: 'delete the key in the settings of OpenRouter.',
  shapes: [['sk-or-v1-', [HEX, 64]]],
});
