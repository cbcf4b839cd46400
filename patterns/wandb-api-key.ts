// Weights & Biases API key: a value behind names such as `WANDB_API_KEY`.
import { BASE64URL, HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'wandb-api-key',
  title: 'Weights & Biases API key',
  severity: 'high',
  about: `
An API key of [Weights & Biases](https://docs.wandb.ai/support/find_api_key/).
`,
  revoke: 'delete it in the user settings.',
  names: ['WANDB_API_KEY'],
  values: [[[HEX, 40]], ['wandb_v1_', [BASE64URL, 77]]],
});
