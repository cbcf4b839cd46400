// Rails master key: a value behind names such as `RAILS_MASTER_KEY`.
import { HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'rails-master-key',
  title: 'Rails master key',
  severity: 'critical',
  about: `
The key that decrypts the credentials of a [Rails](https://guides.rubyonrails.org/security.html#custom-credentials)
application.
`,
  revoke: 'encrypt the credentials with a new key, and replace all that they held.',
  names: ['RAILS_MASTER_KEY'],
  headers: ['SECRET_KEY_BASE', 'secret_key_base'],
  values: [[[HEX, 32]], [[HEX, 128]]],
});
