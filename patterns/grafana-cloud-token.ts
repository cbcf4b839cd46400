// Grafana Cloud access policy token: `glc_eyJ…`
import { BASE64 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'grafana-cloud-token',
  title: 'Grafana Cloud access policy token',
  severity: 'high',
  about: `
A token of an access policy of [Grafana
Cloud](https://grafana.com/docs/grafana-cloud/security-and-account-management/authentication-and-permissions/access-policies/);
it is the base64 of a JSON document.
`,
  revoke: 'delete it under *Access policies*.',
  shapes: [['glc_eyJ', [BASE64, 80, 400, 'any']]],
});
