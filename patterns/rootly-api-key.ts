// Rootly API key: `rootly_…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'rootly-api-key',
  title: 'Rootly API key',
  severity: 'high',
  about: `
An API key of [Rootly](https://docs.rootly.com/api-reference/overview).
`,
  revoke: 'delete it in the settings of Rootly.',
  shapes: [['rootly_', [HEX, 64]]],
});
