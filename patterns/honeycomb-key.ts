// Honeycomb key: `hcaik_…`
import { LOWER36 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'honeycomb-key',
  title: 'Honeycomb key',
  severity: 'medium',
  about: `
An ingest (\`hcaik_\`) or management (\`hcamk_\`) key of
[Honeycomb](https://docs.honeycomb.io/configure/environments/manage-api-keys/).
`,
  revoke: 'delete it under *API keys* of the environment.',
  shapes: [
    ['hcaik_', [LOWER36, 58]],
    ['hcalk_', [LOWER36, 58]],
    ['hcamk_', [LOWER36, 58]],
    ['hcxik_', [LOWER36, 58]],
  ],
});
