// Typeform token: `tfp_…_…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'typeform-token',
  title: 'Typeform token',
  severity: 'high',
  about: `
A personal access token of [Typeform](https://www.typeform.com/developers/get-started/personal-access-token/).
`,
  revoke: 'delete it under *Personal tokens*.',
  shapes: [['tfp_', [BASE64URL, 44], '_', [BASE64URL, 14]]],
});
