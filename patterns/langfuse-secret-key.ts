// Langfuse secret key: `sk-lf-…`
import { UUID } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'langfuse-secret-key',
  title: 'Langfuse secret key',
  severity: 'high',
  about: `
A secret key of [Langfuse](https://langfuse.com/docs/api).
`,
  revoke: 'delete the key in the settings of the project.',
  shapes: [['sk-lf-', ...UUID]],
});
