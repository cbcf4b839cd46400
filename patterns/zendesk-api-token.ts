// Zendesk API token: a value behind names such as `ZENDESK_`.
import { BASE62 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'zendesk-api-token',
  title: 'Zendesk API token',
  severity: 'high',
  about: `
An API token of [Zendesk](https://developer.zendesk.com/api-reference/introduction/security-and-auth/).
`,
  revoke: 'delete it in the admin center.',
  names: ['ZENDESK_'],
  values: [[[BASE62, 40]]],
});
