// Scaleway secret key: a value behind names such as `SCW_SECRET_KEY`.
import { UUID } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'scaleway-secret-key',
  title: 'Scaleway secret key',
  severity: 'critical',
  about: `
The secret of an API key of [Scaleway](https://www.scaleway.com/en/docs/iam/how-to/create-api-keys/).
`,
  revoke: 'delete the key in the console.',
  names: ['SCW_SECRET_KEY', 'SCALEWAY_'],
  values: [[...UUID]],
});
