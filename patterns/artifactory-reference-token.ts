// JFrog reference token: `cmVmdGtuOj…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'artifactory-reference-token',
  title: 'JFrog reference token',
  severity: 'critical',
  about: `
A reference token of [JFrog](https://jfrog.com/help/r/jfrog-platform-administration-documentation/reference-token); it
begins with the base64 of \`reftkn:\`.
`,
  revoke: 'revoke it under *Access tokens* of the platform.',
  shapes: [['cmVmdGtuOj', [BASE62, 54]]],
});
