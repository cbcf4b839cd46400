// GitLab SCIM token: `glsoat-…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'gitlab-scim-token',
  title: 'GitLab SCIM token',
  severity: 'high',
  about: `
A group's or an instance's SCIM token ([documentation](https://docs.gitlab.com/security/tokens/)): it creates and removes
users.
`,
  revoke: 'reset it in the SAML and SCIM settings.',
  shapes: [['glsoat-', [BASE64URL, 20]]],
});
