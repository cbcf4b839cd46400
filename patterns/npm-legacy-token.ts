// npm token without a prefix: a value behind names such as `:_authToken`.
import { BASE64URL, UUID } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'npm-legacy-token',
  title: 'npm token without a prefix',
  severity: 'critical',
  about: `
An access token of [npm](https://docs.npmjs.com/about-access-tokens) or of another registry in \`.npmrc\`, in the older
form, a UUID.
`,
  revoke: 'revoke it with `npm token revoke`, then check the versions published since.',
  names: [':_authToken', 'NPM_TOKEN', 'NODE_AUTH_TOKEN'],
  values: [[...UUID], [[BASE64URL, 36, 90]]],
});
