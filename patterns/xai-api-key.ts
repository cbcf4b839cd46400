// xAI API key: `xai-…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'xai-api-key',
  title: 'xAI API key',
  severity: 'high',
  about: `
An API key of [xAI](https://docs.x.ai/docs/overview).
`,
  revoke: 'delete the key in the console of xAI.',
  shapes: [['xai-', [BASE62, 80]]],
});
