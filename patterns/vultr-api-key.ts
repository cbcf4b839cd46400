// Vultr API key: a value behind names such as `VULTR_`.
import { UPPER36 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'vultr-api-key',
  title: 'Vultr API key',
  severity: 'critical',
  about: `
An API key of [Vultr](https://www.vultr.com/api/#section/Authentication).
`,
  revoke: 'regenerate it in the account settings.',
  names: ['VULTR_'],
  values: [[[UPPER36, 36]]],
});
