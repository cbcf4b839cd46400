// AWS secret access key: a value behind names such as `AWS_SECRET_ACCESS_KEY`.
import { BASE64 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'aws-secret-access-key',
  title: 'AWS secret access key',
  severity: 'critical',
  about: `
A secret access key of [AWS](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html) behind its
name in an environment, a profile (\`~/.aws/credentials\`) or the answer of the metadata service.
`,
  revoke: 'deactivate and delete the key in IAM, then look for its use in CloudTrail.',
  names: ['AWS_SECRET_ACCESS_KEY', 'aws_secret_access_key'],
  headers: ['SecretAccessKey', 'secretAccessKey'],
  values: [[[BASE64, 40]]],
});
