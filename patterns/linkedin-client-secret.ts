// LinkedIn client secret: `WPL_AP1.….…==…`
import { BASE62, BASE64 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'linkedin-client-secret',
  title: 'LinkedIn client secret',
  severity: 'high',
  about: `
The secret of an application of [LinkedIn](https://learn.microsoft.com/linkedin/shared/authentication/authentication), in
the form with a prefix.
`,
  revoke: 'rotate it in the developer portal of LinkedIn.',
  shapes: [
    ['WPL_AP1.', [BASE62, 16], '.', [BASE64, 8], '=='],
    ['WPL_AP1.', [BASE62, 16], '.', [BASE64, 6], '=='],
  ],
});
