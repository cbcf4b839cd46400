// Vercel token: a value behind names such as `VERCEL_`.
import { BASE62 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'vercel-token',
  title: 'Vercel token',
  severity: 'critical',
  about: `
An access token of [Vercel](https://vercel.com/docs/rest-api#authentication).
`,
  revoke: 'delete it in the account settings.',
  names: ['VERCEL_', 'NOW_TOKEN'],
  values: [[[BASE62, 24]]],
});
