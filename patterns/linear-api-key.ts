// Linear API key: `lin_api_…`
import { BASE62, HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'linear-api-key',
  title: 'Linear API key',
  severity: 'high',
  about: `
A personal API key (\`lin_api_\`) or OAuth token (\`lin_oauth_\`) of [Linear](https://linear.app/developers/graphql).
`,
  revoke: 'revoke it under *Security & access* of the account.',
  shapes: [
    ['lin_api_', [BASE62, 40]],
    ['lin_oauth_', [HEX, 64]],
    ['lin_wh_', [BASE62, 40]],
  ],
  search: 'lin_',
});
