// Keys in Azure's connection strings, of any age: those with a checksum are proven by their own detectors.
import { BASE64 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'azure-connection-string',
  title: 'Key in an Azure connection string',
  severity: 'critical',
  about: `
The key of a storage account, a Service Bus or another service of Azure in a [connection string](https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string).
`,
  revoke: 'regenerate the key of the resource that the connection string names.',
  names: ['AccountKey', 'SharedAccessKey'],
  values: [
    [[BASE64, 86], '=='],
    [[BASE64, 43], '='],
  ],
});
