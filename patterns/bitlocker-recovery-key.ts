// BitLocker recovery passwords: eight groups of six digits, each a multiple of 11 below 65536 * 11. They hold no literal, so
// what stands before them on paper, on screen and in directories is searched for.
import { isDigit } from '../src/bytes/ascii.ts';
import { DIGITS, matchParts, type TokenPart } from '../src/bytes/token.ts';
import { textHit, textMiss } from '../src/keys/credential.ts';
import { tokenDoc } from '../src/keys/token-detector.ts';
import { defineDetector } from '../src/model/detector.ts';

const ANCHORS = ['ecovery Key', 'ecoveryKey', 'ecovery Password', 'ecoveryPassword'];
const GROUPS = 8;
const MAX_DISTANCE = 400;
const GROUP: TokenPart = [DIGITS, 6, 6, 'any'];
const PARTS: readonly TokenPart[] = [GROUP, ...Array.from({ length: GROUPS - 1 }, () => ['-', GROUP] as const).flat()];
const CHARS = GROUPS * 7 - 1;

interface Candidate {
  readonly text: Uint8Array;
  readonly start: number;
}

export default defineDetector<Candidate>({
  id: 'bitlocker-recovery-key',
  title: 'BitLocker recovery key',
  severity: 'critical',
  doc: tokenDoc(
    `
The 48 digits that open a disk encrypted by [BitLocker](https://learn.microsoft.com/windows/security/operating-system-security/data-protection/bitlocker/recovery-overview), behind words such as *Recovery Key*.`,
    'make a new one with `manage-bde -protectors`, and remove the old one from the volume and the directory.',
    'each of the eight groups is a multiple of 11, and small enough (27 bits in all)',
  ),
  anchors: ANCHORS.map((text) => ({ text, wide: 'utf-16' })),
  reach: { before: 0, after: 24 + MAX_DISTANCE + CHARS + 1 },

  parse({ bytes, at, length }) {
    const limit = Math.min(bytes.length - CHARS, at + length + MAX_DISTANCE);
    for (let start = at + length; start <= limit; start++) {
      if (!isDigit(bytes[start]) || isDigit(bytes[start - 1]) || bytes[start - 1] === 0x2d || bytes[start + 6] !== 0x2d)
        continue;
      const match = matchParts(bytes, start, PARTS);
      if (match && !isDigit(bytes[match.end]) && bytes[match.end] !== 0x2d) {
        return { text: bytes.slice(start, match.end), start };
      }
    }
    return undefined;
  },

  verify({ text, start }) {
    const seen = new Set<number>();
    for (let group = 0; group < GROUPS; group++) {
      let value = 0;
      for (let i = 0; i < 6; i++) value = value * 10 + text[group * 7 + i]! - 0x30;
      if (value % 11 !== 0 || value >= 11 * 65_536) return [];
      seen.add(value);
    }
    // Zeros, and one group over and over.
    if (seen.size < 4) return [];
    return [
      {
        verdict: 'proven',
        span: { start, end: start + CHARS },
        traits: { algorithm: 'recovery', form: 'token', proof: 'checksum', bits: 128 },
        secret: text,
      },
    ];
  },

  examples(make) {
    const write = (wrong = 0): string =>
      Array.from({ length: GROUPS }, (_, i) =>
        String(make.int(65_536) * 11 + (i === 5 ? wrong : 0)).padStart(6, '0'),
      ).join('-');
    const traits = { algorithm: 'recovery', form: 'token', proof: 'checksum', bits: 128 } as const;
    const hit = (name: string, before: string, after: string) =>
      textHit(make, name, [before, write(), after], traits, { verdict: 'proven' });
    const longer = write();
    return {
      hits: [
        hit(
          'text file',
          `BitLocker Drive Encryption recovery key\r\n\r\nIdentifier:\r\n\r\n\t${make.uuid()}\r\n\r\nRecovery Key:\r\n\r\n\t`,
          '\r\n',
        ),
        hit('PowerShell', 'RecoveryPassword : ', '\n'),
        hit('JSON', '{"recoveryKey":"', '"}'),
      ],
      misses: [
        textMiss(make, 'one group that is no multiple', `Recovery Key: ${write(1)}`, 'verify'),
        textMiss(make, 'seven groups', `Recovery Key: ${longer.slice(7)}`),
        textMiss(make, 'nine groups', `Recovery Key: ${longer}-000011`),
        textMiss(make, 'zeros', `Recovery Key: ${'000000-'.repeat(7)}000000`, 'verify'),
      ],
    };
  },
});
