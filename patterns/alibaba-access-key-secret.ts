// Alibaba Cloud access key secret: a value behind names such as `ALIBABA_CLOUD_`.
import { BASE62 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'alibaba-access-key-secret',
  title: 'Alibaba Cloud access key secret',
  severity: 'critical',
  about: `
The secret of an access key of [Alibaba
Cloud](https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair).
`,
  revoke: 'delete the access key in RAM.',
  names: ['ALIBABA_CLOUD_', 'ALICLOUD_', 'accessKeySecret', 'access_key_secret'],
  values: [[[BASE62, 30]]],
});
