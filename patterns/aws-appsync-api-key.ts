// AWS AppSync API key: `da2-…`
import { LOWER36 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'aws-appsync-api-key',
  title: 'AWS AppSync API key',
  severity: 'medium',
  about: `
An API key of [AWS AppSync](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html).
`,
  revoke: 'delete the key in the settings of the API.',
  shapes: [['da2-', [LOWER36, 26]]],
});
