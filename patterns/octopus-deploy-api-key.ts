// Octopus Deploy API key: `API-…`
import { UPPER36 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'octopus-deploy-api-key',
  title: 'Octopus Deploy API key',
  severity: 'critical',
  about: `
An API key of [Octopus Deploy](https://octopus.com/docs/octopus-rest-api/how-to-create-an-api-key).
`,
  revoke: 'delete it in the profile of the user.',
  shapes: [['API-', [UPPER36, 26, 34]]],
});
