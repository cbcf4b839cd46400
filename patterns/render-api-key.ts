// Render API key: a value behind names such as `RENDER_`.
import { BASE62 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'render-api-key',
  title: 'Render API key',
  severity: 'critical',
  about: `
An API key of [Render](https://render.com/docs/api).
`,
  revoke: 'revoke it in the account settings.',
  names: ['RENDER_'],
  values: [['rnd_', [BASE62, 28, 32]]],
});
