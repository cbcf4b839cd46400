// Plaid access token: `access-production-…access-sandbox-…low…`
import { UUID } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'plaid-access-token',
  title: 'Plaid access token',
  severity: 'critical',
  about: `
The token of a user's bank connection at [Plaid](https://plaid.com/docs/api/items/).
`,
  revoke: 'remove the item with `/item/remove`.',
  shapes: [['access-production-', ...UUID], { parts: ['access-sandbox-', ...UUID], severity: 'low' }],
});
