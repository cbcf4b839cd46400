// Packagist token: `packagist_ort_…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'packagist-token',
  title: 'Packagist token',
  severity: 'high',
  about: `
A token of [Private Packagist](https://packagist.com/docs/composer-authentication).
`,
  revoke: 'revoke it in the settings of the organisation.',
  shapes: [
    ['packagist_ort_', [HEX, 64, 68]],
    ['packagist_out_', [HEX, 64, 68]],
    ['packagist_uut_', [HEX, 64, 68]],
  ],
  search: 'packagist_',
});
