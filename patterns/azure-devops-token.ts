// Azure DevOps personal access token: a value behind names such as `AZURE_DEVOPS_`.
import { BASE62, LOWER36 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'azure-devops-token',
  title: 'Azure DevOps personal access token',
  severity: 'critical',
  about: `
A personal access token of [Azure
DevOps](https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate) in the
older form: 52 characters of base32.
`,
  revoke: 'revoke it under *Personal access tokens*.',
  names: ['AZURE_DEVOPS_', 'SYSTEM_ACCESSTOKEN'],
  values: [[[`${LOWER36}`, 52]], [[BASE62, 84]]],
});
