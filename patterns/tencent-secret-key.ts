// Tencent Cloud secret key: a value behind names such as `TENCENTCLOUD_`.
import { BASE62 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'tencent-secret-key',
  title: 'Tencent Cloud secret key',
  severity: 'critical',
  about: `
The secret of an API key of [Tencent Cloud](https://www.tencentcloud.com/document/product/598/32675).
`,
  revoke: 'delete the key in CAM.',
  names: ['TENCENTCLOUD_', 'TENCENT_', 'QCLOUD_'],
  values: [[[BASE62, 32]]],
});
