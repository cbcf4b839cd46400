// Slack incoming webhook: `hooks.slack.com/services/T…/B…/…`
import { BASE62, DIGITS, UPPER36 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'slack-webhook-url',
  title: 'Slack incoming webhook',
  severity: 'medium',
  about: `
The address of an incoming webhook ([documentation](https://api.slack.com/messaging/webhooks)): who has it posts to the
channel.
`,
  revoke: 'remove the webhook under *Incoming webhooks* of the app.',
  shapes: [
    ['hooks.slack.com/services/T', [UPPER36, 8, 11, 'any'], '/B', [UPPER36, 8, 11, 'any'], '/', [BASE62, 24]],
    [
      'hooks.slack.com/workflows/T',
      [UPPER36, 8, 11, 'any'],
      '/A',
      [UPPER36, 8, 11, 'any'],
      '/',
      [DIGITS, 17, 19, 'any'],
      '/',
      [BASE62, 24],
    ],
  ],
  search: 'hooks.slack.com/',
  wide: true,
});
