// LangSmith API key: `lsv2_pt_…_…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'langsmith-api-key',
  title: 'LangSmith API key',
  severity: 'high',
  about: `
A personal (\`pt\`) or service (\`sk\`) key of
[LangSmith](https://docs.smith.langchain.com/administration/how_to_guides/organization_management/create_account_api_key).
`,
  revoke: 'delete the key in the settings of LangSmith.',
  shapes: [
    ['lsv2_pt_', [HEX, 32], '_', [HEX, 10]],
    ['lsv2_sk_', [HEX, 32], '_', [HEX, 10]],
  ],
  search: 'lsv2_',
});
