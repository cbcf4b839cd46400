// Sidekiq Pro or Enterprise credentials: a value behind names such as `CONTRIBSYS__COM`.
import { HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'sidekiq-credentials',
  title: 'Sidekiq Pro or Enterprise credentials',
  severity: 'medium',
  about: `
The credentials of the gem server of [Sidekiq Pro and Enterprise](https://github.com/sidekiq/sidekiq/wiki/Commercial-FAQ).
`,
  revoke: 'ask Contributed Systems for new ones.',
  names: [],
  headers: ['CONTRIBSYS__COM'],
  values: [[[HEX, 8], ':', [HEX, 8]]],
});
