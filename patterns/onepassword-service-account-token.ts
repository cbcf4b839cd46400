// 1Password service account token: `ops_eyJ…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'onepassword-service-account-token',
  title: '1Password service account token',
  severity: 'critical',
  about: `
The token of a service account of [1Password](https://developer.1password.com/docs/service-accounts/): it reads vaults. It
is the base64 of a JSON document.
`,
  revoke: 'revoke it in the developer settings of 1Password, and rotate what the vaults hold.',
  shapes: [['ops_eyJ', [BASE64URL, 250, 1200, 'any']]],
});
