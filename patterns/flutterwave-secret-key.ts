// Flutterwave secret key: `FLWSECK-…-X…FLWSECK_TEST-…-X…low…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'flutterwave-secret-key',
  title: 'Flutterwave secret key',
  severity: 'critical',
  about: `
A secret key of [Flutterwave](https://developer.flutterwave.com/docs/authentication).
`,
  revoke: 'generate new keys in the dashboard of Flutterwave.',
  shapes: [['FLWSECK-', [HEX, 32], '-X'], { parts: ['FLWSECK_TEST-', [HEX, 32], '-X'], severity: 'low' }],
  search: 'FLWSECK',
});
