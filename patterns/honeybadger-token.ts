// Honeybadger token: `hbp_…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'honeybadger-token',
  title: 'Honeybadger token',
  severity: 'medium',
  about: `
A personal or project token of [Honeybadger](https://docs.honeybadger.io/api/).
`,
  revoke: 'revoke it in the settings of Honeybadger.',
  shapes: [['hbp_', [BASE62, 36]]],
});
