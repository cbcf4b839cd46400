// Azure Cosmos DB key: an identifiable key, whose checksum has a seed of its own. Format: src/keys/azure-key.ts.
import { defineAzureKey } from '../src/keys/azure-key.ts';

export default defineAzureKey({
  id: 'azure-cosmos-key',
  title: 'Azure Cosmos DB key',
  severity: 'critical',
  about: `
A primary or secondary key of an Azure Cosmos DB account ([documentation](https://learn.microsoft.com/azure/cosmos-db/secure-access-to-data)).
`,
  revoke: 'regenerate the key under *Keys* of the account.',
  signatures: ['ACDb'],
  seeds: ['MastRW00', 'MastRO00', 'SysAll00', 'SystRW00', 'SystRO00', 'Resour00', 'Encryp00'],
  sizes: [64],
});
