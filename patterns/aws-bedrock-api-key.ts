// Amazon Bedrock API key: `ABSKQmVkcm9ja0FQSUtleS…bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t…high…`
import { BASE64 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'aws-bedrock-api-key',
  title: 'Amazon Bedrock API key',
  severity: 'critical',
  about: `
A long-term (\`ABSK\`) or short-term key of [Amazon
Bedrock](https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html).
`,
  revoke: 'delete the service-specific credential of the IAM user.',
  shapes: [
    ['ABSKQmVkcm9ja0FQSUtleS', [BASE64, 80, 200]],
    { parts: ['bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t', [BASE64, 200, 3000, 'any']], severity: 'high' },
  ],
});
