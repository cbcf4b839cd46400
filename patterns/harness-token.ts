// Harness API key: `pat.….….…`
import { BASE62, BASE64URL, HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'harness-token',
  title: 'Harness API key',
  severity: 'high',
  about: `
A personal (\`pat.\`) or service account (\`sat.\`) token of
[Harness](https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys/).
`,
  revoke: 'delete it in the profile or the service account.',
  shapes: [
    { parts: ['pat.', [BASE64URL, 22], '.', [HEX, 24], '.', [BASE62, 20]] },
    { parts: ['sat.', [BASE64URL, 22], '.', [HEX, 24], '.', [BASE62, 20]] },
  ],
});
