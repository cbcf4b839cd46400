// Clojars deploy token: `CLOJARS_…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'clojars-deploy-token',
  title: 'Clojars deploy token',
  severity: 'high',
  about: `
A deploy token of [Clojars](https://github.com/clojars/clojars-web/wiki/Deploy-Tokens).
`,
  revoke: 'disable it under *Deploy tokens* on clojars.org.',
  shapes: [['CLOJARS_', [HEX, 60]]],
});
