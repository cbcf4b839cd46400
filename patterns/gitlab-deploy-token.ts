// GitLab deploy token: `gldt-…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'gitlab-deploy-token',
  title: 'GitLab deploy token',
  severity: 'high',
  about: `
A GitLab deploy token ([documentation](https://docs.gitlab.com/security/tokens/)), which pulls code, packages and images
of a project or a group.
`,
  revoke: 'revoke it under *Settings › Repository › Deploy tokens*.',
  shapes: [['gldt-', [BASE64URL, 20]]],
});
