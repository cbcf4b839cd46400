// SonarQube token: `squ_…`
import { HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'sonarqube-token',
  title: 'SonarQube token',
  severity: 'high',
  about: `
A user (\`squ_\`), project (\`sqp_\`) or global (\`sqa_\`) analysis token of
[SonarQube](https://docs.sonarsource.com/sonarqube-server/latest/user-guide/managing-tokens/).
`,
  revoke: 'revoke it under *Security* of the user.',
  shapes: [
    ['squ_', [HEX, 40]],
    ['sqp_', [HEX, 40]],
    ['sqa_', [HEX, 40]],
    ['sqco_', [HEX, 40]],
  ],
});
