// Yandex OAuth token: `y0__…`
import { BASE64URL } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

export default defineToken({
  id: 'yandex-oauth-token',
  title: 'Yandex OAuth token',
  severity: 'high',
  about: `
An OAuth token of [Yandex](https://yandex.com/dev/id/doc/en/).
`,
  revoke: "revoke the application's access in the Yandex account.",
  shapes: [
    ['y0__', [BASE64URL, 50, 60]],
    ['y0_AgAAAA', [BASE64URL, 48, 52]],
  ],
});
