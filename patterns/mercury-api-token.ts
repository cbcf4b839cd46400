// Mercury API token: `secret-token:mercury_production_…_…`
import { BASE62, LOWER36 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'mercury-api-token',
  title: 'Mercury API token',
  severity: 'critical',
  about: `
An API token of the bank [Mercury](https://docs.mercury.com/reference/welcome-to-mercury-api), in the form of RFC 8959.
`,
  revoke: 'delete the token in the settings of Mercury.',
  shapes: [['secret-token:mercury_production_', [LOWER36, 3, 6, 'any'], '_', [BASE62, 40, 64]]],
});
