// Brevo API or SMTP key: `xkeysib-…-…`
import { BASE62, HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'brevo-api-key',
  title: 'Brevo API or SMTP key',
  severity: 'high',
  about: `
A key of [Brevo](https://developers.brevo.com/docs/getting-started) (once Sendinblue) for the API (\`xkeysib-\`) or SMTP
(\`xsmtpsib-\`).
`,
  revoke: 'delete the key in the settings of Brevo.',
  shapes: [
    ['xkeysib-', [HEX, 64], '-', [BASE62, 16]],
    ['xsmtpsib-', [HEX, 64], '-', [BASE62, 16]],
  ],
});
