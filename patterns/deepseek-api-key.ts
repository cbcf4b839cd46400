// DeepSeek API key: a value behind names such as `DEEPSEEK_`.
import { HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'deepseek-api-key',
  title: 'DeepSeek API key',
  severity: 'high',
  about: `
An API key of [DeepSeek](https://api-docs.deepseek.com/).
`,
  revoke: 'delete it in the console of DeepSeek.',
  names: ['DEEPSEEK_'],
  values: [['sk-', [HEX, 32]]],
});
