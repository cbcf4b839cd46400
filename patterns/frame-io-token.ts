// Frame.io token: `fio-u-…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'frame-io-token',
  title: 'Frame.io token',
  severity: 'high',
  about: `
A developer token of [Frame.io](https://developer.frame.io/docs/getting-started/authentication).
`,
  revoke: 'delete it in the developer settings of Frame.io.',
  shapes: [['fio-u-', [BASE64URL, 64]]],
});
