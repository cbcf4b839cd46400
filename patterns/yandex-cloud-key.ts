// Yandex Cloud key: `AQVN…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'yandex-cloud-key',
  title: 'Yandex Cloud key',
  severity: 'critical',
  about: `
An API key (\`AQVN\`), static key (\`YC\`) or IAM token (\`t1.\`) of [Yandex
Cloud](https://yandex.cloud/en/docs/iam/concepts/authorization/).
`,
  revoke: 'delete the key of the service account.',
  shapes: [
    ['AQVN', [BASE64URL, 36]],
    ['t1.9eue', [BASE64URL, 80, 300], '.', [BASE64URL, 86]],
  ],
});
