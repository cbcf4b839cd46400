// Discord webhook: `discord.com/api/webhooks/…/…`
import { BASE64URL, DIGITS } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'discord-webhook-url',
  title: 'Discord webhook',
  severity: 'medium',
  about: `
The address of a webhook ([documentation](https://discord.com/developers/docs/resources/webhook)): who has it posts to the
channel.
`,
  revoke: 'delete the webhook in the settings of the channel.',
  shapes: [
    ['discord.com/api/webhooks/', [DIGITS, 17, 20, 'any'], '/', [BASE64URL, 68]],
    ['discordapp.com/api/webhooks/', [DIGITS, 17, 20, 'any'], '/', [BASE64URL, 68]],
  ],
});
