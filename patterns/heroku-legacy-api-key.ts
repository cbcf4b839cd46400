// Heroku API key without a prefix: a value behind names such as `HEROKU_`.
import { UUID } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'heroku-legacy-api-key',
  title: 'Heroku API key without a prefix',
  severity: 'critical',
  about: `
An API key of [Heroku](https://devcenter.heroku.com/articles/authentication) in the older form, a UUID.
`,
  revoke: 'regenerate the key in the account settings.',
  names: ['HEROKU_'],
  values: [[...UUID]],
});
