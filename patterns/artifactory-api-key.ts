// JFrog Artifactory API key: `AKCp…`
import { BASE62 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'artifactory-api-key',
  title: 'JFrog Artifactory API key',
  severity: 'critical',
  about: `
An API key of [JFrog Artifactory](https://jfrog.com/help/r/jfrog-platform-administration-documentation/user-profile).
`,
  revoke: 'revoke it in the user profile; JFrog replaces API keys by reference tokens.',
  shapes: [['AKCp', [BASE62, 69]]],
});
