// Opsgenie API key: a value behind names such as `OPSGENIE_`.
import { UUID } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'opsgenie-api-key',
  title: 'Opsgenie API key',
  severity: 'high',
  about: `
An API key of [Opsgenie](https://support.atlassian.com/opsgenie/docs/api-key-management/).
`,
  revoke: 'delete it under *API key management*.',
  names: ['OPSGENIE_'],
  headers: ['GenieKey'],
  values: [[...UUID]],
});
