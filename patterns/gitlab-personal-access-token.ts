// GitLab's personal, project and group access tokens in the older form: `glpat-` and 20 characters.
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'gitlab-personal-access-token',
  title: 'GitLab access token',
  severity: 'critical',
  about: `
A personal, project or group access token of GitLab ([documentation](https://docs.gitlab.com/security/tokens/)). The newer form with a checksum is \`gitlab-routable-token\`.
`,
  revoke: 'revoke it under *Access tokens*, then check the audit events for its use.',
  shapes: [['glpat-', [BASE64URL, 20]]],
  wide: true,
});
