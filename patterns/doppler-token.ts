// Doppler token: `dp.pt.…`
import { BASE62, BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'doppler-token',
  title: 'Doppler token',
  severity: 'critical',
  about: `
A token of [Doppler](https://docs.doppler.com/reference/auth-token-formats): personal, service, service account, CLI, SCIM
or audit. It reads secrets.
`,
  revoke: 'revoke it in Doppler, and rotate the secrets that it could read.',
  shapes: [
    ['dp.pt.', [BASE62, 40, 44]],
    ['dp.st.', [BASE64URL, 2, 35, 'any'], '.', [BASE62, 40, 44]],
    ['dp.sa.', [BASE62, 40, 44]],
    ['dp.ct.', [BASE62, 40, 44]],
    ['dp.scim.', [BASE62, 40, 44]],
    ['dp.audit.', [BASE62, 40, 44]],
  ],
});
