// Shippo API token: `shippo_live_…shippo_test_…low…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'shippo-api-token',
  title: 'Shippo API token',
  severity: 'high',
  about: `
An API token of [Shippo](https://docs.goshippo.com/docs/guides_general/authentication/).
`,
  revoke: 'delete the token in the settings of Shippo.',
  shapes: [['shippo_live_', [HEX, 40]], { parts: ['shippo_test_', [HEX, 40]], severity: 'low' }],
  search: 'shippo_',
});
