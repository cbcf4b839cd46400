// Microsoft Teams webhook: `.webhook.office.com/webhookb2/…@…/IncomingWebhook/…/…`
import { HEX, UUID } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'teams-webhook-url',
  title: 'Microsoft Teams webhook',
  severity: 'medium',
  about: `
The address of an incoming webhook of Microsoft Teams
([documentation](https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook)).
`,
  revoke: 'remove the connector from the channel.',
  shapes: [['.webhook.office.com/webhookb2/', ...UUID, '@', ...UUID, '/IncomingWebhook/', [HEX, 32], '/', ...UUID]],
  wide: true,
});
