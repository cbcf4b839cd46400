// Duffel access token: `duffel_live_…duffel_test_…low…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'duffel-access-token',
  title: 'Duffel access token',
  severity: 'high',
  about: `
An access token of [Duffel](https://duffel.com/docs/api/overview/making-requests/authentication).
`,
  revoke: 'delete the token in the dashboard of Duffel.',
  shapes: [['duffel_live_', [BASE64URL, 43]], { parts: ['duffel_test_', [BASE64URL, 43]], severity: 'low' }],
  search: 'duffel_',
});
