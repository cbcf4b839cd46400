// GitLab's routable tokens (doc/architecture/blueprints/cells, "Routable tokens"): prefix, base64url payload, dot, length of
// the payload in two digits of base 36, CRC-32 of all that in seven.
import { crc32 } from '../src/bytes/crc32.ts';
import { BASE64URL, LOWER36 } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

const PREFIXES = ['glpat-', 'gldt-', 'glrt-', 'glft-', 'glptt-'];
const CRC_CHARS = 7;

export default defineToken({
  id: 'gitlab-routable-token',
  title: 'GitLab routable token',
  severity: 'critical',
  about: `
An access (\`glpat-\`), deploy, runner, feed or trigger token of GitLab in the form that names its cell and organisation
([documentation](https://docs.gitlab.com/security/tokens/)).
`,
  revoke: 'revoke it under *Access tokens*, then check the audit events for its use.',
  shapes: PREFIXES.map((prefix) => [prefix, [BASE64URL, 27, 300], '.', [LOWER36, 9]]),
  check: {
    what: 'the CRC-32 in its last seven characters',
    verify(token) {
      const end = token.length - CRC_CHARS;
      let rest = crc32(token, 0, end);
      for (let at = token.length - 1; at >= end; at--) {
        if (token[at] !== LOWER36.charCodeAt(rest % 36)) return false;
        rest = Math.floor(rest / 36);
      }
      return true;
    },
    write(make, shape) {
      const routing = make.ascii(`o:${make.int(100)}\nu:${make.int(1_000_000).toString(36)}`);
      const payload = make.base64url(make.concat(routing, make.bytes(16), Uint8Array.of(16)));
      const text = `${PREFIXES[shape]!}${payload}.${payload.length.toString(36).padStart(2, '0')}`;
      return text + make.crc32(text).toString(36).padStart(CRC_CHARS, '0');
    },
  },
  wide: true,
});
