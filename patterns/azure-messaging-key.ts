// Azure Service Bus, Event Hubs or Relay key: an identifiable key, whose checksum has a seed of its own. Format: src/keys/azure-key.ts.
import { defineAzureKey } from '../src/keys/azure-key.ts';

export default defineAzureKey({
  id: 'azure-messaging-key',
  title: 'Azure Service Bus, Event Hubs or Relay key',
  severity: 'critical',
  about: `
A shared access key of Azure Service Bus (\`+ASb\`), Event Hubs (\`+AEh\`) or Relay (\`+ARm\`)
([documentation](https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas)). Connection strings carry it as \`SharedAccessKey=\`.
`,
  revoke: 'regenerate the key under *Shared access policies* of the namespace.',
  signatures: ['+ASb', '+AEh', '+ARm'],
  seeds: ['Send0000', 'Manage00', 'Listen00', 'System00', 'Unknown0'],
  sizes: [32],
});
