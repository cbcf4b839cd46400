// Travis CI token: a value behind names such as `TRAVIS_`.
import { BASE64URL } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'travis-token',
  title: 'Travis CI token',
  severity: 'high',
  about: `
An API token of [Travis CI](https://docs.travis-ci.com/user/triggering-builds/).
`,
  revoke: 'regenerate it in the settings.',
  names: ['TRAVIS_'],
  values: [[[BASE64URL, 22]]],
});
