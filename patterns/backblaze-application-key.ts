// Backblaze B2 application key: a value behind names such as `B2_APPLICATION_KEY`.
import { BASE64, HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'backblaze-application-key',
  title: 'Backblaze B2 application key',
  severity: 'high',
  about: `
An application key of [Backblaze B2](https://www.backblaze.com/docs/cloud-storage-application-keys).
`,
  revoke: 'delete it under *Application keys*.',
  names: ['B2_APPLICATION_KEY', 'BACKBLAZE_'],
  values: [['K00', [BASE64, 28]], [[HEX, 32]]],
});
