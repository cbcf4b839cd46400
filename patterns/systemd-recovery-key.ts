// Recovery keys of LUKS volumes that systemd-cryptenroll and homectl make: 256 bits in "modhex", eight groups of eight. No
// checksum, and an alphabet of 16 letters without any that would be lost on another keyboard.
import { endsClean, matchParts, type TokenPart } from '../src/bytes/token.ts';
import { textHit, textMiss } from '../src/keys/credential.ts';
import { tokenDoc } from '../src/keys/token-detector.ts';
import { defineDetector } from '../src/model/detector.ts';

const MODHEX = 'cbdefghijklnrtuv';
const GROUP: TokenPart = [MODHEX, 8, 8, 'any'];
const PARTS: readonly TokenPart[] = [GROUP, ...Array.from({ length: 7 }, () => ['-', GROUP] as const).flat()];
const CHARS = 71;
const MAX_DISTANCE = 200;
const MIN_DISTINCT = 12;

interface Candidate {
  readonly text: Uint8Array;
  readonly start: number;
}

export default defineDetector<Candidate>({
  id: 'systemd-recovery-key',
  title: 'LUKS recovery key (systemd)',
  severity: 'critical',
  doc: tokenDoc(
    `
The recovery key of a LUKS volume or a home directory as [systemd-cryptenroll](https://www.freedesktop.org/software/systemd/man/latest/systemd-cryptenroll.html) makes and prints it, behind words such
as *recovery key* or \`recovery_key\`.`,
    'enrol a new one with `systemd-cryptenroll --recovery-key --wipe-slot=recovery`.',
  ),
  anchors: ['recovery key', 'RECOVERY_KEY', 'ecoveryKey', 'ecovery Key'].map((text) => ({ text })),
  reach: { before: 0, after: 16 + MAX_DISTANCE + CHARS + 1 },

  parse({ bytes, at, length }) {
    const limit = Math.min(bytes.length - CHARS, at + length + MAX_DISTANCE);
    for (let start = at + length; start <= limit; start++) {
      if (bytes[start + 8] !== 0x2d || bytes[start + 17] !== 0x2d) continue;
      const match = matchParts(bytes, start, PARTS);
      if (!match || !endsClean(bytes, match.end)) continue;
      const text = bytes.slice(start, match.end);
      if (new Set(text).size > MIN_DISTINCT) return { text, start };
    }
    return undefined;
  },

  verify: ({ text, start }) => [
    {
      verdict: 'likely',
      span: { start, end: start + CHARS },
      traits: { algorithm: 'recovery', form: 'token', proof: 'none', bits: 256 },
      secret: text,
    },
  ],

  examples(make) {
    const write = (): string => Array.from({ length: 8 }, () => make.text(8, MODHEX)).join('-');
    const traits = { algorithm: 'recovery', form: 'token', proof: 'none', bits: 256 } as const;
    return {
      hits: [
        textHit(
          make,
          'printed',
          ['A secret recovery key has been generated for this volume:\n\n    ', write(), '\n\nPlease'],
          traits,
        ),
        textHit(make, 'environment', ['RECOVERY_KEY=', write(), '\0'], traits),
      ],
      misses: [
        textMiss(make, 'seven groups', `recovery key: ${write().slice(9)}\n`),
        textMiss(make, 'one letter over and over', `recovery key: ${'cccccccc-'.repeat(7)}cccccccc\n`),
      ],
    };
  },
});
