// Intercom access token: `dG9rO…=…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'intercom-token',
  title: 'Intercom access token',
  severity: 'high',
  about: `
An access token of [Intercom](https://developers.intercom.com/docs/build-an-integration/learn-more/authentication); it
begins with the base64 of \`tok:\`.
`,
  revoke: 'regenerate it in the developer hub of Intercom.',
  shapes: [
    ['dG9rO', [BASE62, 54], '='],
    ['dG9rO', [BASE62, 55]],
  ],
});
