// Datadog API or application key: a value behind names such as `DATADOG_`.
import { HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'datadog-key',
  title: 'Datadog API or application key',
  severity: 'high',
  about: `
An API or application key of [Datadog](https://docs.datadoghq.com/account_management/api-app-keys/).
`,
  revoke: 'revoke it under *API keys* or *Application keys* of the organisation.',
  names: ['DATADOG_', 'DD_API_KEY', 'DD_APP_KEY'],
  headers: ['DD-API-KEY'],
  values: [[[HEX, 32]], [[HEX, 40]]],
});
