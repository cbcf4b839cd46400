// Azure Cache for Redis key: an identifiable key, whose checksum has a seed of its own. Format: src/keys/azure-key.ts.
import { defineAzureKey } from '../src/keys/azure-key.ts';

export default defineAzureKey({
  id: 'azure-cache-key',
  title: 'Azure Cache for Redis key',
  severity: 'critical',
  about: `
An access key of Azure Cache for Redis ([documentation](https://learn.microsoft.com/azure/azure-cache-for-redis/cache-configure)).
`,
  revoke: 'regenerate the key under *Authentication* of the cache.',
  signatures: ['AzCa'],
  seeds: ['Access00'],
  sizes: [32],
});
