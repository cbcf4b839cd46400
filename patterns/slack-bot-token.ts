// Slack bot token: `xoxb-…-…-…`
import { BASE62, DIGITS } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'slack-bot-token',
  title: 'Slack bot token',
  severity: 'high',
  about: `
The token of a bot in a Slack workspace ([documentation](https://api.slack.com/authentication/token-types)).
`,
  revoke: 'revoke it with `auth.revoke`, or reinstall the app of the workspace.',
  shapes: [
    ['xoxb-', [DIGITS, 10, 13, 'any'], '-', [DIGITS, 10, 13, 'any'], '-', [BASE62, 24]],
    ['xoxb-', [DIGITS, 10, 13, 'any'], '-', [BASE62, 24]],
  ],
  wide: true,
});
