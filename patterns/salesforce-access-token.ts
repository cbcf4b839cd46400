// Salesforce session or refresh token: `00D…!AQ…5Aep861…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'salesforce-access-token',
  title: 'Salesforce session or refresh token',
  severity: 'critical',
  about: `
A session ID or access token (\`00D…!\`) or refresh token (\`5Aep861\`) of
[Salesforce](https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_tokens_scopes.htm).
`,
  revoke: 'revoke it under *Session management* or *Connected apps OAuth usage*.',
  shapes: [
    { parts: ['00D', [BASE62, 12], '!AQ', [`${BASE62}._`, 90, 120]], anchor: 2 },
    { parts: ['5Aep861', [`${BASE62}._`, 80]] },
  ],
});
