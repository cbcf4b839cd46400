// Slack app-level token: `xapp-1-A…-…-…`
import { DIGITS, HEX, UPPER36 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'slack-app-token',
  title: 'Slack app-level token',
  severity: 'high',
  about: `
An app-level token of Slack ([documentation](https://api.slack.com/authentication/token-types)).
`,
  revoke: 'revoke it under *Basic information › App-level tokens* of the app.',
  shapes: [['xapp-1-A', [UPPER36, 8, 12, 'any'], '-', [DIGITS, 10, 14, 'any'], '-', [HEX, 64]]],
});
