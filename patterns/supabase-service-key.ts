// Supabase's older service keys: JWTs with the role `service_role`. Those with the role `anon` are public.
import { defineJwt } from '../src/keys/jwt.ts';

export default defineJwt({
  id: 'supabase-service-key',
  title: 'Supabase service role key',
  severity: 'critical',
  about: `
The service role key of a project of [Supabase](https://supabase.com/docs/guides/api/api-keys): it passes by all row-level security.
`,
  revoke: 'move to the new secret keys and disable the older ones, or rotate the JWT secret of the project.',
  accepts: ({ holds }) => holds('"iss":"supabase"') && holds('service_role'),
  claims: {
    own: { iss: 'supabase', ref: 'abcdefghijklmnopqrst', role: 'service_role' },
    foreign: { iss: 'supabase', ref: 'abcdefghijklmnopqrst', role: 'anon' },
  },
});
