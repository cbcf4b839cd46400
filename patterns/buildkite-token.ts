// Buildkite token: `bkua_…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'buildkite-token',
  title: 'Buildkite token',
  severity: 'critical',
  about: `
An API access (\`bkua_\`), agent (\`bkct_\`), or other token of
[Buildkite](https://buildkite.com/docs/platform/security/tokens).
`,
  revoke: 'revoke it in the settings of Buildkite.',
  shapes: [
    ['bkua_', [HEX, 40]],
    ['bkct_', [HEX, 40]],
    ['bkaj_', [HEX, 40]],
  ],
});
