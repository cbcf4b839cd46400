// Docker Hub access token: `dckr_pat_…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'docker-hub-token',
  title: 'Docker Hub access token',
  severity: 'critical',
  about: `
A personal (\`dckr_pat_\`) or organisation (\`dckr_oat_\`) access token of [Docker
Hub](https://docs.docker.com/security/access-tokens/).
`,
  revoke: 'delete it in the account settings of Docker Hub, then check the images pushed since.',
  shapes: [
    ['dckr_pat_', [BASE64URL, 27]],
    ['dckr_oat_', [BASE64URL, 27, 32]],
  ],
  search: 'dckr_',
  wide: true,
});
