// AWS session token: `IQoJb3JpZ2luX2Vj…`
import { BASE64 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'aws-session-token',
  title: 'AWS session token',
  severity: 'high',
  about: `
The session token of temporary credentials of
[AWS](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html). It is of use together with
its access key and secret, which lie nearby.
`,
  revoke: 'revoke the sessions of the role (*Revoke active sessions*).',
  shapes: [
    ['IQoJb3JpZ2luX2Vj', [BASE64, 200, 3000, 'any']],
    ['FwoGZXIvYXdzE', [BASE64, 200, 3000, 'any']],
  ],
  wide: true,
});
