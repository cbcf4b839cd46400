// 1Password secret key: a value behind names such as `OP_SECRET_KEY`.
import { UPPER36 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'onepassword-secret-key',
  title: '1Password secret key',
  severity: 'high',
  about: `
The Secret Key of an account of [1Password](https://support.1password.com/secret-key/): with the password it decrypts all
vaults.
`,
  revoke: 'regenerate the Secret Key in the account settings.',
  names: ['OP_SECRET_KEY', 'ONEPASSWORD_'],
  headers: ['Secret Key'],
  values: [
    [
      'A3-',
      [UPPER36, 6],
      '-',
      [UPPER36, 6],
      '-',
      [UPPER36, 5],
      '-',
      [UPPER36, 5],
      '-',
      [UPPER36, 5],
      '-',
      [UPPER36, 5],
    ],
  ],
});
