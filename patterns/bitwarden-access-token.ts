// Bitwarden machine account token: a value behind names such as `BWS_ACCESS_TOKEN`.
import { BASE62, BASE64, UUID } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'bitwarden-access-token',
  title: 'Bitwarden machine account token',
  severity: 'critical',
  about: `
The access token of a machine account of [Bitwarden Secrets Manager](https://bitwarden.com/help/access-tokens/): it reads
secrets.
`,
  revoke: 'revoke it in the machine account, and rotate what it could read.',
  names: ['BWS_ACCESS_TOKEN'],
  headers: ['BW_CLIENTSECRET'],
  values: [['0.', ...UUID, '.', [BASE62, 30], ':', [BASE64, 22], '=='], [[BASE62, 30]]],
});
