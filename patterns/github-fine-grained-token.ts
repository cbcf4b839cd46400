// GitHub fine-grained token: `github_pat_…_…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'github-fine-grained-token',
  title: 'GitHub fine-grained token',
  severity: 'critical',
  about: `
A fine-grained personal access token of
[GitHub](https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github).
`,
  revoke: 'delete it under *Developer settings*, then check the audit log for its use.',
  shapes: [['github_pat_', [BASE62, 22], '_', [BASE62, 59]]],
  wide: true,
});
