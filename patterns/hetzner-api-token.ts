// Hetzner Cloud API token: a value behind names such as `HCLOUD_`.
import { BASE62 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'hetzner-api-token',
  title: 'Hetzner Cloud API token',
  severity: 'critical',
  about: `
An API token of [Hetzner Cloud](https://docs.hetzner.com/cloud/api/getting-started/generating-api-token/).
`,
  revoke: 'delete it under *Security* of the project.',
  names: ['HCLOUD_', 'HETZNER_'],
  values: [[[BASE62, 64]]],
});
