// Grafana API key: `eyJrIjoi…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'grafana-legacy-api-key',
  title: 'Grafana API key',
  severity: 'high',
  about: `
An API key of [Grafana](https://grafana.com/docs/grafana/latest/administration/service-accounts/) in the older form: the
base64 of a JSON document that begins with \`{"k":"\`.
`,
  revoke: 'delete it under *API keys*.',
  shapes: [['eyJrIjoi', [BASE62, 60, 140, 'any']]],
});
