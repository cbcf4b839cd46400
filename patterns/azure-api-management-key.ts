// Azure API Management key: an identifiable key, whose checksum has a seed of its own. Format: src/keys/azure-key.ts.
import { defineAzureKey } from '../src/keys/azure-key.ts';

export default defineAzureKey({
  id: 'azure-api-management-key',
  title: 'Azure API Management key',
  severity: 'high',
  about: `
A subscription, gateway, repository or direct management key of Azure API Management
([documentation](https://learn.microsoft.com/azure/api-management/api-management-subscriptions)).
`,
  revoke: 'regenerate the key of the subscription or the gateway.',
  signatures: ['APIM'],
  seeds: ['Tenant00', 'IoTHub00', 'Gatewy00', 'GitKey00'],
  sizes: [64],
});
