// A random value in hex that stands alone, without a name. Nearly all of them in a dump are digests: this is the most
// cautious of the detectors.
import { decodeHex } from '../src/bytes/ascii.ts';
import { looksRandom } from '../src/bytes/entropy.ts';
import { endsText, isIsolated, NEIGHBOURHOOD, namesDigest } from '../src/bytes/random-run.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';
import { knownHexValue } from '../src/proof/known-values.ts';

/** Keys of 32 and 64 bytes; 16 and 20 are identifiers and digests of everything. */
const LENGTHS = [64, 128];

interface Candidate {
  readonly value: Uint8Array;
  readonly start: number;
  readonly end: number;
}

function decodesToRandom(bytes: Uint8Array, at: number, length: number): boolean {
  const decoded = decodeHex(bytes.subarray(at, at + length));
  if (!decoded) return false;
  const random = looksRandom(decoded);
  decoded.fill(0);
  return random;
}

export default defineDetector<Candidate>({
  id: 'hex-run',
  title: 'Random value in hex, alone',
  severity: 'low',
  doc: `
A run of 64 or 128 hex digits of one case that decodes to random bytes and stands alone: no other such run near, no name of
a digest before it, no text around it on the line. Keys of 32 and 64 bytes look so; so do SHA-256 and SHA-512 digests, and nothing can tell them apart;
of more than four of one size in one artifact none is reported. The criteria and their measure are in [entropy.md](entropy.md).

**Proof**: none. The finding is likely, of low severity.

**What to do**: look at what surrounds the value in the program; if it is a key, replace it.
`,
  anchors: [{ dense: 'hex-run' }],
  reach: { before: NEIGHBOURHOOD, after: NEIGHBOURHOOD + 128 },

  parse({ bytes, at, length }) {
    if (!LENGTHS.includes(length) || !endsText(bytes[at - 1]) || !endsText(bytes[at + length])) return undefined;
    if (!decodesToRandom(bytes, at, length)) return undefined;
    if (namesDigest(bytes, at) || !isIsolated(bytes, at, at + length)) return undefined;
    return { value: bytes.slice(at, at + length), start: at, end: at + length };
  },

  verify({ value, start, end }) {
    const known = knownHexValue(value);
    return [
      {
        verdict: 'likely',
        span: { start, end },
        traits: {
          algorithm: 'opaque',
          form: 'hex-run',
          proof: 'none',
          bits: value.length * 4,
          ...(known && { known }),
        },
        secret: value,
      },
    ];
  },

  examples(make) {
    const hit = (name: string, before: string, size: number, after: string): Hit => {
      const value = make.hex(make.bytes(size));
      return {
        name,
        bytes: make.ascii(before + value + after),
        span: { start: before.length, end: before.length + value.length },
        verdict: 'likely',
        traits: { algorithm: 'opaque', form: 'hex-run', proof: 'none', bits: size * 8 },
        secrets: [make.ascii(value)],
      };
    };
    const value = () => make.hex(make.bytes(32));
    const miss = (name: string, text: string) => ({ name, bytes: make.ascii(text), reaches: 'anchor' as const });
    return {
      hits: [hit('32 bytes', '\0', 32, '\0'), hit('64 bytes on a line', '\n', 64, '\n')],
      misses: [
        miss('digest', `sha256:${value()}`),
        miss('list', `${value()}\n${value()}\n${value()}\n`),
        miss('part of a path', `/containers/${value()}/config.json`),
        miss('20 bytes', ` ${make.hex(make.bytes(20))} `),
        miss('constant', ` ${'0123456789abcdef'.repeat(4)} `),
      ],
    };
  },
});
