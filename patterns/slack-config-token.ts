// Slack configuration token: `xoxe.xoxp-1-…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'slack-config-token',
  title: 'Slack configuration token',
  severity: 'high',
  about: `
A configuration token of Slack apps or the refresh token for it
([documentation](https://api.slack.com/authentication/token-types)).
`,
  revoke: 'revoke it with `auth.revoke`.',
  shapes: [
    ['xoxe.xoxp-1-', [BASE62, 140, 180]],
    ['xoxe.xoxb-1-', [BASE62, 140, 180]],
    ['xoxe-1-', [BASE62, 140, 180]],
  ],
  search: 'xoxe',
});
