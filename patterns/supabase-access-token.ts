// Supabase access token: `sbp_…`
import { BASE64URL, HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'supabase-access-token',
  title: 'Supabase access token',
  severity: 'critical',
  about: `
A personal access token (\`sbp_\`) or the secret key of a project (\`sb_secret_\`) of
[Supabase](https://supabase.com/docs/guides/api/api-keys).
`,
  revoke: 'delete it in the dashboard of Supabase.',
  shapes: [
    ['sbp_', [HEX, 40]],
    ['sb_secret_', [BASE64URL, 31]],
  ],
});
