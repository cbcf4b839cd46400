// Anthropic API key: `sk-ant-api03-…AA…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'anthropic-api-key',
  title: 'Anthropic API key',
  severity: 'high',
  about: `
A key of the [Anthropic API](https://docs.anthropic.com/en/api/overview) (\`api03\`), an admin key (\`admin01\`), or a token
of a signed-in user (\`oat01\`, \`ort01\`).
`,
  revoke: 'delete the key in the console of Anthropic; sign out to end a session.',
  shapes: [
    ['sk-ant-api03-', [BASE64URL, 93], 'AA'],
    ['sk-ant-admin01-', [BASE64URL, 93], 'AA'],
    ['sk-ant-oat01-', [BASE64URL, 86, 95]],
    ['sk-ant-ort01-', [BASE64URL, 86, 95]],
  ],
  search: 'sk-ant-',
  wide: true,
});
