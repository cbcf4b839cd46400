// GitLab agent for Kubernetes token: `glagent-…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'gitlab-agent-token',
  title: 'GitLab agent for Kubernetes token',
  severity: 'critical',
  about: `
The token of a GitLab agent for Kubernetes ([documentation](https://docs.gitlab.com/security/tokens/)): it connects to the
cluster in the name of the agent.
`,
  revoke: 'revoke it under *Operate › Kubernetes clusters*, and install the agent with a new one.',
  shapes: [['glagent-', [BASE64URL, 50]]],
});
