// PagerDuty API key: a value behind names such as `PAGERDUTY_`.
import { BASE62 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'pagerduty-api-key',
  title: 'PagerDuty API key',
  severity: 'high',
  about: `
An API key of [PagerDuty](https://support.pagerduty.com/main/docs/api-access-keys).
`,
  revoke: 'delete it under *API access keys*.',
  names: ['PAGERDUTY_'],
  headers: ['uthorization: Token token'],
  values: [[[`${BASE62}_+-`, 20]]],
});
