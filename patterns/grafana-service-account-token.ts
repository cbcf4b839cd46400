// Grafana's service account tokens (pkg/components/satokengen): `glsa_`, 32 characters, `_`, CRC-32 of what is before in hex,
// lowest byte first.
import { crc32 } from '../src/bytes/crc32.ts';
import { BASE62, HEX } from '../src/bytes/token.ts';
import { defineToken } from '../src/keys/token-detector.ts';

const CHECKED_CHARS = 'glsa_'.length + 32;

export default defineToken({
  id: 'grafana-service-account-token',
  title: 'Grafana service account token',
  severity: 'high',
  about: `
A token of a service account of [Grafana](https://grafana.com/docs/grafana/latest/administration/service-accounts/).
`,
  revoke: 'delete it in the service account.',
  shapes: [['glsa_', [BASE62, 32], '_', [HEX, 8]]],
  check: {
    what: 'the CRC-32 in its last eight characters',
    verify(token) {
      const crc = crc32(token, 0, CHECKED_CHARS);
      for (let i = 0; i < 8; i++) {
        const digit = (crc >>> (8 * (i >> 1) + (i % 2 === 0 ? 4 : 0))) & 15;
        if (token[CHECKED_CHARS + 1 + i] !== HEX.charCodeAt(digit)) return false;
      }
      return true;
    },
    write(make) {
      const text = `glsa_${make.text(32)}`;
      return `${text}_${make.hex(make.le(BigInt(make.crc32(text)), 4))}`;
    },
  },
});
