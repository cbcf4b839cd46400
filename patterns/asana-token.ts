// Asana personal access token: a value behind names such as `ASANA_`.
import { DIGITS, HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'asana-token',
  title: 'Asana personal access token',
  severity: 'high',
  about: `
A personal access token of [Asana](https://developers.asana.com/docs/personal-access-token).
`,
  revoke: 'revoke it in the developer console of Asana.',
  names: ['ASANA_'],
  values: [
    [[DIGITS, 1, 1, 'any'], '/', [DIGITS, 13, 17, 'any'], ':', [HEX, 32]],
    [[DIGITS, 1, 1, 'any'], '/', [DIGITS, 13, 17, 'any'], '/', [DIGITS, 13, 17, 'any'], ':', [HEX, 32]],
  ],
});
