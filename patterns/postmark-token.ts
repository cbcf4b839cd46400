// Postmark token: a value behind names such as `POSTMARK_`.
import { UUID } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'postmark-token',
  title: 'Postmark token',
  severity: 'high',
  about: `
A server or account token of [Postmark](https://postmarkapp.com/developer/api/overview).
`,
  revoke: 'regenerate it in Postmark.',
  names: ['POSTMARK_'],
  headers: ['Postmark-Server-Token'],
  values: [[...UUID]],
});
