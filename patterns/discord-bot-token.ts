// Discord bot token: a value behind names such as `DISCORD_`.
import { BASE62, BASE64URL } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'discord-bot-token',
  title: 'Discord bot token',
  severity: 'high',
  about: `
The token of a bot of [Discord](https://discord.com/developers/docs/reference#authentication).
`,
  revoke: 'reset it in the developer portal of Discord.',
  names: ['DISCORD_'],
  headers: ['uthorization: Bot'],
  values: [[[BASE62, 24, 28], '.', [BASE64URL, 6], '.', [BASE64URL, 27, 38]]],
});
