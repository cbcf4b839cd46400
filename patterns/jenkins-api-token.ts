// Jenkins API token: a value behind names such as `JENKINS_`.
import { HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'jenkins-api-token',
  title: 'Jenkins API token',
  severity: 'critical',
  about: `
A user's API token of [Jenkins](https://www.jenkins.io/doc/book/system-administration/authenticating-scripted-clients/).
`,
  revoke: 'revoke it in the security settings of the user.',
  names: ['JENKINS_'],
  values: [['11', [HEX, 32]]],
});
