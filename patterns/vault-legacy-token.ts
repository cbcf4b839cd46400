// HashiCorp Vault token, older form: a value behind names such as `VAULT_`.
import { BASE62, BASE64 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'vault-legacy-token',
  title: 'HashiCorp Vault token, older form',
  severity: 'critical',
  about: `
A token of [Vault](https://developer.hashicorp.com/vault/docs/concepts/tokens) before 1.10, or an unseal key.
`,
  revoke: 'revoke it with `vault token revoke`, and rotate what it could read.',
  names: ['VAULT_'],
  headers: ['X-Vault-Token', 'x-vault-token'],
  values: [
    ['s.', [BASE62, 24]],
    [[BASE64, 43], '='],
  ],
});
