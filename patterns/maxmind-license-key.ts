// MaxMind license key: `_…_mmk…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'maxmind-license-key',
  title: 'MaxMind license key',
  severity: 'low',
  about: `
A license key of [MaxMind](https://support.maxmind.com/hc/en-us/articles/4407116112539-Using-License-Keys).
`,
  revoke: 'delete it in the account portal.',
  shapes: [{ parts: [[BASE62, 6], '_', [BASE62, 29], '_mmk'], anchor: 3 }],
});
