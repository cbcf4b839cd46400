// X (Twitter) token or secret: a value behind names such as `TWITTER_`.
import { BASE62 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'twitter-token',
  title: 'X (Twitter) token or secret',
  severity: 'high',
  about: `
A bearer token, an access token secret or an API secret of
[X](https://docs.x.com/resources/fundamentals/authentication/overview).
`,
  revoke: 'regenerate it in the developer portal of X.',
  names: ['TWITTER_'],
  values: [['AAAAAAAAAAAAAAAAAAAAA', [`${BASE62}%`, 80, 100]], [[BASE62, 45]], [[BASE62, 50]]],
});
