// Square OAuth secret: `sq0csp-…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'square-oauth-secret',
  title: 'Square OAuth secret',
  severity: 'critical',
  about: `
An application secret of [Square](https://developer.squareup.com/docs/oauth-api/overview).
`,
  revoke: 'replace the secret in the developer console of Square.',
  shapes: [['sq0csp-', [BASE64URL, 43]]],
});
