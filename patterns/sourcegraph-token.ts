// Sourcegraph access token: `sgp_…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'sourcegraph-token',
  title: 'Sourcegraph access token',
  severity: 'high',
  about: `
An access token of [Sourcegraph](https://sourcegraph.com/docs/cli/how-tos/creating-an-access-token): it reads the code of
the instance.
`,
  revoke: 'delete it under *Access tokens* of the user.',
  shapes: [
    ['sgp_', [HEX, 40]],
    ['sgp_local_', [HEX, 40]],
    ['sgp_', [HEX, 16], '_', [HEX, 40]],
    ['slk_', [HEX, 64]],
  ],
});
