// Airtable token: a value behind names such as `AIRTABLE_`.
import { BASE62, HEX } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'airtable-token',
  title: 'Airtable token',
  severity: 'high',
  about: `
A personal access token of [Airtable](https://airtable.com/developers/web/guides/personal-access-tokens).
`,
  revoke: 'delete it in the builder hub of Airtable.',
  names: ['AIRTABLE_'],
  values: [
    ['pat', [BASE62, 14], '.', [HEX, 64]],
    ['key', [BASE62, 14]],
  ],
});
