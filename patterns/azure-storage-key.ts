// Azure Storage account key: an identifiable key, whose checksum has a seed of its own. Format: src/keys/azure-key.ts.
import { defineAzureKey } from '../src/keys/azure-key.ts';

export default defineAzureKey({
  id: 'azure-storage-key',
  title: 'Azure Storage account key',
  severity: 'critical',
  about: `
An access key of an Azure Storage account ([documentation](https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage)): it opens every blob, file,
queue and table of the account. Connection strings carry it as \`AccountKey=\`.
`,
  revoke:
    'rotate the key under *Access keys* of the storage account, both keys if in doubt; signatures made with it end, too.',
  signatures: ['+ASt'],
  seeds: ['Default0'],
  sizes: [64],
});
