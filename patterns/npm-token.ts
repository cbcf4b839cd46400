// npm's tokens: 30 characters and 6 of CRC-32 over them, as GitHub's.
import { BASE62 } from '../src/bytes/token.ts';
import { CRC32_BASE62 } from '../src/keys/token-checks.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'npm-token',
  title: 'npm token',
  severity: 'critical',
  about: `
An access token of [npm](https://docs.npmjs.com/about-access-tokens), as in \`.npmrc\` and environments of CI: it publishes packages.
`,
  revoke: 'revoke it with `npm token revoke`, then check the versions published since.',
  shapes: [['npm_', [BASE62, 36]]],
  check: CRC32_BASE62(['npm_']),
  wide: true,
});
