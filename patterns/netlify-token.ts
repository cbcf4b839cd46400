// Netlify token: `nfp_…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'netlify-token',
  title: 'Netlify token',
  severity: 'high',
  about: `
A personal access token of [Netlify](https://docs.netlify.com/api/get-started/).
`,
  revoke: 'delete it under *Applications* of the user settings.',
  shapes: [
    ['nfp_', [BASE62, 36]],
    ['nfp_', [BASE62, 40]],
  ],
});
