// Shared access signatures of Azure: an HMAC-SHA-256 in base64, escaped for URLs, at the end of the query.
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'azure-sas',
  title: 'Azure shared access signature',
  severity: 'high',
  about: `
The signature of a URL that opens a blob, a container or a queue without an account
([documentation](https://learn.microsoft.com/azure/storage/common/storage-sas-overview)), until the time in its \`se\` parameter.
`,
  revoke: 'rotate the account key that signed it, or revoke the stored access policy or the user delegation key.',
  shapes: [['&sig=', [`${BASE62}%`, 46, 64]]],
  wide: true,
});
