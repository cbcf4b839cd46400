// Perplexity API key: `pplx-…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'perplexity-api-key',
  title: 'Perplexity API key',
  severity: 'high',
  about: `
An API key of [Perplexity](https://docs.perplexity.ai/getting-started/quickstart).
`,
  revoke: 'delete the key in the settings of Perplexity.',
  shapes: [['pplx-', [BASE62, 48]]],
});
