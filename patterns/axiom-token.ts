// Axiom token: `xaat-…`
import { UUID } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'axiom-token',
  title: 'Axiom token',
  severity: 'high',
  about: `
An API (\`xaat-\`) or personal (\`xapt-\`) token of [Axiom](https://axiom.co/docs/reference/tokens).
`,
  revoke: 'delete it in the settings of Axiom.',
  shapes: [
    ['xaat-', ...UUID],
    ['xapt-', ...UUID],
  ],
});
