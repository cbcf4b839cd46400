// Telegram bot token: `:AA…:AA…:AA…`
import { BASE64URL, DIGITS } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'telegram-bot-token',
  title: 'Telegram bot token',
  severity: 'high',
  about: `
The token of a Telegram bot ([documentation](https://core.telegram.org/bots/api#authorizing-your-bot)).
`,
  revoke: 'revoke it with BotFather (`/revoke`).',
  shapes: [
    { parts: [[DIGITS, 10, 10, 'any'], ':AA', [BASE64URL, 33]], anchor: 1 },
    { parts: [[DIGITS, 9, 9, 'any'], ':AA', [BASE64URL, 33]], anchor: 1 },
    { parts: [[DIGITS, 8, 8, 'any'], ':AA', [BASE64URL, 33]], anchor: 1 },
  ],
});
