// Azure client secret: a value behind names such as `AZURE_CLIENT_SECRET`.
import { BASE62 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'azure-client-secret',
  title: 'Azure client secret',
  severity: 'critical',
  about: `
The secret of a service principal behind its name in an environment
([documentation](https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/local-development-environment-service-principal)).
Secrets in the newer form are also found without a name.
`,
  revoke: 'delete it under *Certificates & secrets* of the app registration.',
  names: ['AZURE_CLIENT_SECRET', 'ARM_CLIENT_SECRET'],
  values: [[[`${BASE62}~._-`, 34, 44]]],
});
