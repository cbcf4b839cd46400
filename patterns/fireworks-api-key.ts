// Fireworks AI API key: a value behind names such as `FIREWORKS_`.
import { BASE62 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'fireworks-api-key',
  title: 'Fireworks AI API key',
  severity: 'high',
  about: `
An API key of [Fireworks AI](https://docs.fireworks.ai/getting-started/quickstart).
`,
  revoke: 'delete it in the settings of Fireworks.',
  names: ['FIREWORKS_'],
  values: [
    ['fw_', [BASE62, 22, 24]],
    ['fw-', [BASE62, 22, 24]],
  ],
});
