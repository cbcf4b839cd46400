// Azure Batch account key: an identifiable key, whose checksum has a seed of its own. Format: src/keys/azure-key.ts.
import { defineAzureKey } from '../src/keys/azure-key.ts';

export default defineAzureKey({
  id: 'azure-batch-key',
  title: 'Azure Batch account key',
  severity: 'high',
  about: `
An access key of an Azure Batch account ([documentation](https://learn.microsoft.com/azure/batch/accounts)).
`,
  revoke: 'regenerate the key under *Keys* of the Batch account.',
  signatures: ['+ABa'],
  seeds: ['AbAcct00'],
  sizes: [64],
});
