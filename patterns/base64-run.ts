// A random value in base64 or base64url (RFC 4648) that stands alone, without a name: keys and tokens in heaps and
// configuration. The kernel finds the runs; most of what looks random in a dump is a digest or a certificate.
import { decodeBase64 } from '../src/bytes/base64.ts';
import { looksRandom } from '../src/bytes/entropy.ts';
import { endsText, isIsolated, NEIGHBOURHOOD, namesDigest, outrunsString } from '../src/bytes/random-run.ts';
import { countCharacters, letterEvidence, switchEvidence } from '../src/bytes/random-text.ts';
import { defineDetector, type Hit } from '../src/model/detector.ts';
import { knownValue } from '../src/proof/known-values.ts';

/** Sizes of keys in bytes; others are told from text only by their padding. */
const KEY_BYTES = [32, 48, 64];
const [MIN_BYTES, MAX_BYTES] = [30, 64];
/** Bits: 99 in 100 random values of 32 bytes have more, of mangled names and paths one in a thousand. */
const MIN_EVIDENCE = 14;
/** How DER, JSON, SSH keys, gzip, PNG, zip, GIF and PEM begin in base64; and mangled names of C++ and Rust. */
const STRUCTURED = ['MII', 'eyJ', 'AAAA', 'H4sI', 'iVBO', 'UEsD', 'R0lG', 'LS0t', '_Z', '_R'];

/** In quotes only padded: source text quotes identifiers of the same sizes. */
function standsFree(bytes: Uint8Array, start: number, end: number): boolean {
  const quoted = isQuote(bytes[start - 1]) && bytes[end] === bytes[start - 1];
  return quoted
    ? bytes[end - 1] === 0x3d
    : endsText(bytes[end]) && (endsText(bytes[start - 1]) || bytes[start - 1] === 0x3d);
}

const isQuote = (char: number | undefined): boolean => char === 0x22 || char === 0x27 || char === 0x60;

interface Candidate {
  readonly value: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** It follows a name and `=`. */
  readonly isNamed: boolean;
}

/** Whether a run has the length of a whole value: padded, or unpadded and of the size of a key. */
function hasWholeLength(bytes: Uint8Array, at: number, length: number): boolean {
  let chars = length;
  while (bytes[at + chars - 1] === 0x3d) chars--;
  const size = (chars * 3) >> 2;
  if ((chars & 3) === 1 || size < MIN_BYTES || size > MAX_BYTES) return false;
  return chars < length || KEY_BYTES.includes(size);
}

function decodesToRandom(bytes: Uint8Array, at: number, length: number): boolean {
  const { bytes: decoded, next } = decodeBase64(bytes, at, at + length, { style: 'plain' });
  const random = looksRandom(decoded);
  decoded.fill(0);
  return random && next === at + length;
}

/** Bits of the last character that no byte uses: zero in every encoder's output (RFC 4648, 3.5). */
function hasLooseBits(bytes: Uint8Array, at: number, length: number): boolean {
  let chars = length;
  while (bytes[at + chars - 1] === 0x3d) chars--;
  const unused = (chars & 3) === 2 ? 15 : (chars & 3) === 3 ? 3 : 0;
  return (base64Value(bytes[at + chars - 1]!) & unused) !== 0;
}

function base64Value(char: number): number {
  if (char >= 0x61) return char - 0x61 + 26;
  if (char >= 0x41) return char === 0x5f ? 63 : char - 0x41;
  return char >= 0x30 ? char - 0x30 + 52 : char === 0x2f ? 63 : 62;
}

/** `+ /` and `- _` are of two alphabets: a value has the ones or the others. */
function mixesAlphabets(bytes: Uint8Array, at: number, length: number): boolean {
  const run = bytes.subarray(at, at + length);
  return (run.includes(0x2b) || run.includes(0x2f)) && (run.includes(0x2d) || run.includes(0x5f));
}

const hasPrefix = (bytes: Uint8Array, at: number, text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
};

export default defineDetector<Candidate>({
  id: 'base64-run',
  title: 'Random value in base64, alone',
  severity: 'low',
  doc: `
A run of base64 or base64url that decodes to 32, 48 or 64 random bytes (or, with padding, to 30 to 64) and stands alone: no
other such run near, no name of a digest before it. Keys and tokens look so in heaps and configuration; so do some
digests and identifiers, and nothing can tell them apart; of more than four of one size in one artifact none is reported. The criteria and their
measure are in [entropy.md](entropy.md).

**Proof**: none. The finding is likely, of low severity; behind a name and \`=\`, as in an environment, of medium severity.

**What to do**: look at what surrounds the value in the program; if it is a key, replace it.
`,
  anchors: [{ dense: 'base64-run' }],
  reach: { before: NEIGHBOURHOOD, after: NEIGHBOURHOOD + 256 },

  parse({ bytes, at, length }) {
    // The length first: lines of wrapped base64 are the most frequent runs by far.
    if (!hasWholeLength(bytes, at, length) || !standsFree(bytes, at, at + length)) return undefined;
    if (mixesAlphabets(bytes, at, length) || hasLooseBits(bytes, at, length)) return undefined;
    if (outrunsString(bytes, at, at + length)) return undefined;
    const counts = countCharacters(bytes, at, at + length);
    if (!counts || letterEvidence(bytes, at, at + length) + switchEvidence(counts) < MIN_EVIDENCE) return undefined;
    if (STRUCTURED.some((prefix) => hasPrefix(bytes, at, prefix)) || !decodesToRandom(bytes, at, length))
      return undefined;
    if (namesDigest(bytes, at) || !isIsolated(bytes, at, at + length)) return undefined;
    const isNamed = bytes[at - 1] === 0x3d;
    return { value: bytes.slice(at, at + length), start: at, end: at + length, isNamed };
  },

  verify({ value, start, end, isNamed }) {
    const known = knownValue(value);
    return [
      {
        verdict: 'likely',
        span: { start, end },
        traits: {
          algorithm: 'opaque',
          form: 'base64-run',
          proof: 'none',
          bits: Math.floor((value.length * 3) / 4) * 8,
          ...(known && { known }),
        },
        secret: value,
        // Digests in a heap have no name: they are told by their number, which this one then doesn't count among.
        ...(isNamed && { severity: 'medium' as const }),
      },
    ];
  },

  examples(make) {
    const hit = (name: string, before: string, value: string, after: string): Hit => ({
      name,
      bytes: make.ascii(before + value + after),
      span: { start: before.length, end: before.length + value.length },
      verdict: 'likely',
      traits: { algorithm: 'opaque', form: 'base64-run', proof: 'none' },
      secrets: [make.ascii(value)],
    });
    const miss = (name: string, text: string) => ({ name, bytes: make.ascii(text), reaches: 'anchor' as const });
    const value = (size: number) => make.base64(make.bytes(size));
    const lines = Array.from({ length: 6 }, () => value(48)).join('\n');
    return {
      hits: [
        hit('32 bytes', '\0\0', value(32), '\0\0'),
        hit('40 bytes in quotes', 'x = "', value(40), '"'),
        hit('48 bytes behind a name', 'X=', value(48), '\n'),
        hit('64 bytes', '\n', value(64), '\n'),
        hit('base64url', '\t', make.base64url(make.bytes(32)), '\r\n'),
        hit('padded, 40 bytes', '\0', value(40), '\0'),
      ],
      misses: [
        miss('wrapped lines', lines),
        miss('subresource integrity', `integrity="sha384-${value(48)}"`),
        miss('digest', `{"digest": "${value(32)}"}`),
        miss('mangled name', '\0_ZN4node6crypto14DhKeyGenTraits5SetupEPNS0_16KeyPairGenConfig\0'),
        miss('DER', `"${make.base64(make.concat(Uint8Array.of(0x30, 0x82, 0x02), make.bytes(61)))}"`),
        miss(
          '63 characters, as the length before them says, and what lay behind them',
          `?\0\0\0${lines.slice(0, 64)}\0`,
        ),
        miss('part of something longer', `${value(32).slice(0, 43)}.${value(32).slice(0, 43)}`),
      ],
    };
  },
});
