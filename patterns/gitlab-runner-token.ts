// GitLab runner authentication token: `glrt-…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'gitlab-runner-token',
  title: 'GitLab runner authentication token',
  severity: 'high',
  about: `
The token by which a GitLab runner authenticates ([documentation](https://docs.gitlab.com/security/tokens/)): who has it
takes jobs, and their variables. \`config.toml\` of the runner holds it.
`,
  revoke: 'reset the token of the runner, or remove the runner and register it anew.',
  shapes: [
    ['glrt-', [BASE64URL, 20]],
    ['glrtr-', [BASE64URL, 20]],
  ],
  search: 'glrt',
});
