// GitLab pipeline trigger token: `glptt-…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'gitlab-trigger-token',
  title: 'GitLab pipeline trigger token',
  severity: 'medium',
  about: `
A token that starts pipelines of a GitLab project ([documentation](https://docs.gitlab.com/security/tokens/)).
`,
  revoke: 'revoke it under *Settings › CI/CD › Pipeline trigger tokens*.',
  shapes: [['glptt-', [HEX, 40]]],
});
