// Heroku API key: `HRKU-AA…`
import { BASE64URL, UUID } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'heroku-api-key',
  title: 'Heroku API key',
  severity: 'critical',
  about: `
An API key of [Heroku](https://devcenter.heroku.com/articles/authentication) in the form with a prefix.
`,
  revoke: 'revoke it with `heroku authorizations:revoke`, or regenerate the key of the account.',
  shapes: [
    ['HRKU-AA', [BASE64URL, 58]],
    ['HRKU-', ...UUID],
  ],
});
