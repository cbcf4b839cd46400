// Azure Functions key: an identifiable key, whose checksum has a seed of its own. Format: src/keys/azure-key.ts.
import { defineAzureKey } from '../src/keys/azure-key.ts';

export default defineAzureKey({
  id: 'azure-function-key',
  title: 'Azure Functions key',
  severity: 'high',
  about: `
A host, system or function key of Azure Functions ([documentation](https://learn.microsoft.com/azure/azure-functions/function-keys-how-to)); requests carry it as \`code=\`
or \`x-functions-key\`.
`,
  revoke: 'renew the key under *App keys* or *Function keys*.',
  signatures: ['AzFu'],
  seeds: ['Functi00', 'System00', 'Master00'],
  sizes: [40],
});
