// New Relic key: `NRAK-…`
import { BASE64URL, HEX, UPPER36 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'new-relic-key',
  title: 'New Relic key',
  severity: 'high',
  about: `
A user (\`NRAK-\`), insert (\`NRII-\`), query (\`NRIQ-\`) or REST (\`NRRA-\`) key of [New
Relic](https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/).
`,
  revoke: 'delete it under *API keys*.',
  shapes: [
    ['NRAK-', [UPPER36, 27]],
    ['NRII-', [BASE64URL, 32]],
    ['NRIQ-', [BASE64URL, 32]],
    ['NRRA-', [HEX, 42]],
  ],
});
