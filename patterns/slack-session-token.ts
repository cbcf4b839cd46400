// Slack client session: `xoxc-…-…-…-…`
import { DIGITS, HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'slack-session-token',
  title: 'Slack client session',
  severity: 'critical',
  about: `
The session of Slack's own client: its token (\`xoxc-\`) and the cookie \`d\` (\`xoxd-\`), which act as the user
([documentation](https://api.slack.com/authentication/token-types)).
`,
  revoke: 'sign the user out of all sessions.',
  shapes: [
    ['xoxc-', [DIGITS, 10, 13, 'any'], '-', [DIGITS, 10, 13, 'any'], '-', [DIGITS, 10, 13, 'any'], '-', [HEX, 64]],
    ['xoxs-', [DIGITS, 10, 13, 'any'], '-', [DIGITS, 10, 13, 'any'], '-', [DIGITS, 10, 13, 'any'], '-', [HEX, 10, 64]],
  ],
});
