// Rollbar access token: a value behind names such as `ROLLBAR_`.
import { HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'rollbar-access-token',
  title: 'Rollbar access token',
  severity: 'medium',
  about: `
An access token of [Rollbar](https://docs.rollbar.com/docs/access-tokens).
`,
  revoke: 'disable it in the settings of the project.',
  names: ['ROLLBAR_'],
  headers: ['Rollbar-Access-Token'],
  values: [[[HEX, 32]], [[HEX, 64]]],
});
