// Notion integration token: `ntn_…`
import { BASE62, DIGITS } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'notion-token',
  title: 'Notion integration token',
  severity: 'high',
  about: `
The secret of an integration of [Notion](https://developers.notion.com/docs/authorization).
`,
  revoke: 'refresh the secret of the integration.',
  shapes: [
    ['ntn_', [DIGITS, 11, 11, 'any'], [BASE62, 35]],
    ['secret_', [BASE62, 43]],
  ],
});
