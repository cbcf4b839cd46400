// Contentful management token: `CFPAT-…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'contentful-token',
  title: 'Contentful management token',
  severity: 'high',
  about: `
A personal access token of the management API of
[Contentful](https://www.contentful.com/developers/docs/references/authentication/).
`,
  revoke: 'revoke it under *CMA tokens*.',
  shapes: [['CFPAT-', [BASE64URL, 43]]],
});
