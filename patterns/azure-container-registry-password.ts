// Azure Container Registry password: an identifiable key, whose checksum has a seed of its own. Format: src/keys/azure-key.ts.
import { defineAzureKey } from '../src/keys/azure-key.ts';

export default defineAzureKey({
  id: 'azure-container-registry-password',
  title: 'Azure Container Registry password',
  severity: 'high',
  about: `
A password of the admin user or a token of an Azure Container Registry
([documentation](https://learn.microsoft.com/azure/container-registry/container-registry-authentication)).
`,
  revoke: 'regenerate the password under *Access keys* or *Tokens* of the registry.',
  signatures: ['+ACR'],
  seeds: ['ACRDflt0'],
  sizes: [39],
});
