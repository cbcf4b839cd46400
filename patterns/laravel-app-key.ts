// Laravel application key: a value behind names such as `APP_KEY`.
import { BASE64 } from '../src/bytes/token.ts';
import { defineNamedToken } from '../src/keys/named-token.ts';

export default defineNamedToken({
  id: 'laravel-app-key',
  title: 'Laravel application key',
  severity: 'critical',
  about: `
The key of a [Laravel](https://laravel.com/docs/encryption#gracefully-rotating-encryption-keys) application: it encrypts
and signs cookies and sessions.
`,
  revoke: 'make a new one with `php artisan key:generate`; sessions end.',
  names: ['APP_KEY'],
  values: [
    ['base64:', [BASE64, 43], '='],
    ['base64:', [BASE64, 22], '=='],
  ],
});
