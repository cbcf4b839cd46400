// Mapbox secret token: `sk.eyJ1Ijoi….…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'mapbox-secret-token',
  title: 'Mapbox secret token',
  severity: 'medium',
  about: `
A secret access token of [Mapbox](https://docs.mapbox.com/help/getting-started/access-tokens/).
`,
  revoke: 'delete it under *Access tokens*.',
  shapes: [['sk.eyJ1Ijoi', [BASE64URL, 50, 90, 'any'], '.', [BASE64URL, 22]]],
});
