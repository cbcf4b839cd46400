// GitLab feature flags client token: `glffct-…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'gitlab-feature-flags-token',
  title: 'GitLab feature flags client token',
  severity: 'low',
  about: `
A client token of GitLab feature flags ([documentation](https://docs.gitlab.com/security/tokens/)): it reads the flags of
a project.
`,
  revoke: 'regenerate the instance ID of the feature flags.',
  shapes: [['glffct-', [BASE64URL, 20]]],
});
