// URLs of web, file and mail servers with a password in them. `https://` is in every page, so what is searched for has more: the
// user that Git hosts ask for, a common user, or the name before it.
import { defineUrlCredential } from '../src/keys/url-credential.ts';

export default defineUrlCredential({
  id: 'basic-auth-url',
  title: 'URL with a password',
  severity: 'high',
  about: `
The address of a server with its user and password ([RFC 3986, 3.2.1](https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1)): remotes of Git, proxies
(\`HTTPS_PROXY\`), package indexes, and servers for files, mail and directories.
`,
  revoke: 'change the password or revoke the token, and keep it in a credential helper.',
  starts: [
    '://x-access-token:',
    '://oauth2:',
    '://gitlab-ci-token:',
    '://x-token-auth:',
    '://git:',
    '://admin:',
    '://root:',
    '_PROXY=http://',
    '_proxy=http://',
    '_URL=https://',
    'url = https://',
    'ftp://',
    'smtp://',
    'ldap://',
  ],
});
