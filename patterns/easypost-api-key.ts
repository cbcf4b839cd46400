// EasyPost API key: `EZAK…EZTK…low…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'easypost-api-key',
  title: 'EasyPost API key',
  severity: 'high',
  about: `
An API key of [EasyPost](https://docs.easypost.com/docs/authentication).
`,
  revoke: 'delete the key in the dashboard of EasyPost.',
  shapes: [['EZAK', [BASE62, 54]], { parts: ['EZTK', [BASE62, 54]], severity: 'low' }],
});
