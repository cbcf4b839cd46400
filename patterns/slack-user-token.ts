// Slack user token: `xoxp-…-…-…-…`
import { DIGITS, HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'slack-user-token',
  title: 'Slack user token',
  severity: 'critical',
  about: `
A user's token in a Slack workspace ([documentation](https://api.slack.com/authentication/token-types)): it reads and
writes in the user's name.
`,
  revoke: 'revoke it with `auth.revoke`.',
  shapes: [
    ['xoxp-', [DIGITS, 10, 13, 'any'], '-', [DIGITS, 10, 13, 'any'], '-', [DIGITS, 10, 13, 'any'], '-', [HEX, 32]],
  ],
  wide: true,
});
