// GitLab CI job token: `glcbt-…_…`
import { BASE64URL, LOWER36 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'gitlab-ci-job-token',
  title: 'GitLab CI job token',
  severity: 'medium',
  about: `
The token of one CI job (\`CI_JOB_TOKEN\`, [documentation](https://docs.gitlab.com/security/tokens/)). It ends with the job.
`,
  revoke: 'let the job end or cancel it; look for what was pushed or published by it.',
  shapes: [['glcbt-', [LOWER36, 1, 5, 'any'], '_', [BASE64URL, 20]]],
});
