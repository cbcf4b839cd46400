// Azure IoT Hub, device or provisioning key: an identifiable key, whose checksum has a seed of its own. Format: src/keys/azure-key.ts.
import { defineAzureKey } from '../src/keys/azure-key.ts';

export default defineAzureKey({
  id: 'azure-iot-key',
  title: 'Azure IoT Hub, device or provisioning key',
  severity: 'high',
  about: `
A shared access key of Azure IoT Hub, of a device, or of the Device Provisioning Service
([documentation](https://learn.microsoft.com/azure/iot-hub/authenticate-authorize-sas)).
`,
  revoke: 'regenerate the key of the policy or the device.',
  signatures: ['AIoT'],
  seeds: ['IoTHub00', 'DpsKey00', 'Device00'],
  sizes: [64, 32],
});
