// New Relic license key: `…NRAL…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'new-relic-license-key',
  title: 'New Relic license key',
  severity: 'medium',
  about: `
An ingest license key of [New Relic](https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/): it writes data
into the account.
`,
  revoke: 'rotate it under *API keys*.',
  shapes: [
    { parts: [[HEX, 36], 'NRAL'], anchor: 1 },
    { parts: ['eu01xx', [HEX, 30], 'NRAL'], anchor: 2 },
  ],
});
