// GitLab feed token: `glft-…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'gitlab-feed-token',
  title: 'GitLab feed token',
  severity: 'medium',
  about: `
A user's feed token ([documentation](https://docs.gitlab.com/security/tokens/)): it reads activity feeds and calendars.
`,
  revoke: 'reset it under *Preferences › Access tokens*.',
  shapes: [['glft-', [BASE64URL, 20]]],
});
