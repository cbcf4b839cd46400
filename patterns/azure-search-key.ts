// Azure AI Search key: an identifiable key, whose checksum has a seed of its own. Format: src/keys/azure-key.ts.
import { defineAzureKey } from '../src/keys/azure-key.ts';

export default defineAzureKey({
  id: 'azure-search-key',
  title: 'Azure AI Search key',
  severity: 'high',
  about: `
An admin or query key of Azure AI Search ([documentation](https://learn.microsoft.com/azure/search/search-security-api-keys)).
`,
  revoke: 'regenerate the key under *Keys* of the search service.',
  signatures: ['AzSe'],
  seeds: ['PAdmin00', 'Query000'],
  sizes: [39],
});
