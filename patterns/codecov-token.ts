// Codecov upload token: a value behind names such as `CODECOV_TOKEN`.
import { UUID } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'codecov-token',
  title: 'Codecov upload token',
  severity: 'low',
  about: `
The upload token of a repository at [Codecov](https://docs.codecov.com/docs/codecov-tokens).
`,
  revoke: 'regenerate it in the settings of the repository.',
  names: ['CODECOV_TOKEN'],
  values: [[...UUID]],
});
