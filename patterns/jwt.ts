// JSON Web Tokens (RFC 7519) of any issuer but those that have a detector of their own.
import { defineJwt } from '../src/keys/jwt.ts';

export default defineJwt({
  id: 'jwt',
  title: 'JSON Web Token',
  severity: 'high',
  about: `
A signed token ([RFC 7519](https://www.rfc-editor.org/rfc/rfc7519)) by which a user or a service is let in, in headers, cookies and caches.
`,
  revoke:
    'end the session at the issuer; where tokens can not be revoked before they expire, replace the key that signed it.',
  accepts: ({ holds }) => !holds('kubernetes.io') && !holds('kubernetes/serviceaccount') && !holds('"iss":"supabase"'),
  claims: {
    own: { iss: 'https://issuer.test', sub: 'user-1', aud: ['api'] },
    foreign: { iss: 'kubernetes/serviceaccount', sub: 'system:serviceaccount:a:b' },
  },
});
