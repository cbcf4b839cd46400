// GitHub's tokens with a prefix: 30 characters and 6 of CRC-32 over them, in base 62 (0-9 A-Z a-z), padded with zeros.
import { BASE62 } from '../src/bytes/token.ts';
import { CRC32_BASE62 } from '../src/keys/token-checks.ts';
import { defineToken } from '../src/keys/token-detector.ts';

const PREFIXES = ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'];

export default defineToken({
  id: 'github-token',
  title: 'GitHub token',
  severity: 'critical',
  about: `
A token of [GitHub](https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/): personal (\`ghp_\`), OAuth (\`gho_\`), user of an app (\`ghu_\`), installation or Actions job
(\`ghs_\`), or refresh (\`ghr_\`).
`,
  revoke:
    'delete it under *Developer settings* or revoke the app; tokens of installations and jobs end within hours. Then check the audit log for its use.',
  shapes: PREFIXES.map((prefix) => [prefix, [BASE62, 36]]),
  check: CRC32_BASE62(PREFIXES),
  wide: true,
});
