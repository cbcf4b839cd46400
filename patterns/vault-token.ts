// HashiCorp Vault token: `hvs.…`
import { BASE62, BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'vault-token',
  title: 'HashiCorp Vault token',
  severity: 'critical',
  about: `
A service (\`hvs.\`), batch (\`hvb.\`) or recovery (\`hvr.\`) token of
[Vault](https://developer.hashicorp.com/vault/docs/concepts/tokens).
`,
  revoke: 'revoke it with `vault token revoke`, and rotate what it could read.',
  shapes: [
    ['hvs.', [BASE64URL, 90, 120]],
    ['hvs.', [BASE62, 24]],
    ['hvb.', [BASE64URL, 100, 300]],
    ['hvr.', [BASE62, 24]],
  ],
  wide: true,
});
