// Tailscale key: `tskey-auth-…-…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'tailscale-key',
  title: 'Tailscale key',
  severity: 'critical',
  about: `
An auth, API, client, SCIM or webhook key of [Tailscale](https://tailscale.com/kb/1252/key-prefixes).
`,
  revoke: 'revoke it under *Settings › Keys* of the admin console.',
  shapes: [
    ['tskey-auth-', [BASE62, 8, 20, 'any'], '-', [BASE62, 20, 40]],
    ['tskey-api-', [BASE62, 8, 20, 'any'], '-', [BASE62, 20, 40]],
    ['tskey-client-', [BASE62, 8, 20, 'any'], '-', [BASE62, 20, 40]],
    ['tskey-scim-', [BASE62, 8, 20, 'any'], '-', [BASE62, 20, 40]],
    ['tskey-webhook-', [BASE62, 8, 20, 'any'], '-', [BASE62, 20, 40]],
  ],
  search: 'tskey-',
});
