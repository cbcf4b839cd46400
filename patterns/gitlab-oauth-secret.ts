// GitLab OAuth application secret: `gloas-…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'gitlab-oauth-secret',
  title: 'GitLab OAuth application secret',
  severity: 'high',
  about: `
The secret of an OAuth application of GitLab ([documentation](https://docs.gitlab.com/security/tokens/)).
`,
  revoke: 'renew the secret of the application.',
  shapes: [['gloas-', [HEX, 64]]],
});
