// GitLab incoming mail token: `glimt-…`
import { LOWER36 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'gitlab-mail-token',
  title: 'GitLab incoming mail token',
  severity: 'medium',
  about: `
A user's incoming mail token ([documentation](https://docs.gitlab.com/security/tokens/)): mail to an address with it
creates issues in the user's name.
`,
  revoke: 'reset it under *Preferences › Access tokens*.',
  shapes: [['glimt-', [LOWER36, 25]]],
});
