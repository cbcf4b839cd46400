// Figma token: `figd_…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'figma-token',
  title: 'Figma token',
  severity: 'high',
  about: `
A personal access token (\`figd_\`) or OAuth token of [Figma](https://www.figma.com/developers/api#access-tokens).
`,
  revoke: 'revoke it in the settings of Figma.',
  shapes: [
    ['figd_', [BASE64URL, 40, 45]],
    ['figoh_', [BASE64URL, 40, 45]],
    ['figor_', [BASE64URL, 40, 45]],
  ],
});
