// Kerberos keytabs (MIT krb5, keytab_file_format): entries of principal, time, version, encryption type and key, each after its
// size. What is searched for are the type and the length of an AES or RC4 key; the entry is then read from its beginning.
import { looksRandom } from '../src/bytes/entropy.ts';
import { u16be, u32be } from '../src/bytes/reader.ts';
import { tokenDoc } from '../src/keys/token-detector.ts';
import { defineDetector } from '../src/model/detector.ts';

/** Number of the encryption type (RFC 3961, 8009, 4757), and bytes of its keys. */
const TYPES = [
  [0x12, 32],
  [0x14, 32],
] as const;
const MAX_ENTRY = 320;
const MAX_COMPONENTS = 8;

interface Candidate {
  readonly key: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Index after a counted string of printable characters, or -1. */
function skipText(bytes: Uint8Array, at: number, limit: number): number {
  const length = u16be(bytes, at) ?? 0;
  const end = at + 2 + length;
  if (length === 0 || end > limit) return -1;
  for (let i = at + 2; i < end; i++) if (bytes[i]! < 0x20 || bytes[i]! >= 0x7f) return -1;
  return end;
}

/** Whether an entry begins at `start` whose encryption type is at `type`. */
function isEntry(bytes: Uint8Array, start: number, type: number): boolean {
  const components = u16be(bytes, start + 4) ?? 0;
  if (components === 0 || components > MAX_COMPONENTS) return false;
  let at = start + 6;
  for (let i = 0; i <= components && at > 0; i++) at = skipText(bytes, at, type);
  // Name type, timestamp, key version.
  return at > 0 && at + 9 === type && (u32be(bytes, at) ?? 0) < 32;
}

export default defineDetector<Candidate>({
  id: 'kerberos-keytab',
  title: 'Kerberos keytab entry',
  severity: 'critical',
  doc: tokenDoc(
    `
The long-term key of a Kerberos principal in a [keytab](https://web.mit.edu/kerberos/krb5-latest/doc/formats/keytab_file_format.html) (AES-256): it decrypts the principal's tickets and logs in as
the service.`,
    'change the key of the principal (`ktadd`, `ktpass`), and replace the keytab wherever it lies.',
    'none. The complete entry: all lengths agree, and the key looks random',
  ),
  anchors: TYPES.map(([type, size]) => ({ bytes: `00 ${type.toString(16)} 00 ${size.toString(16)}` })),
  reach: { before: MAX_ENTRY, after: 4 + 32 },

  parse({ bytes, at, anchor }) {
    const size = TYPES[anchor]![1];
    const end = at + 4 + size;
    if (end > bytes.length || !looksRandom(bytes, at + 4, end)) return undefined;
    for (let start = at - 20; start >= 0 && start >= at - MAX_ENTRY; start--) {
      const entry = u32be(bytes, start) ?? 0;
      // An entry may end in a version of 32 bits.
      const rest = start + 4 + entry - end;
      if ((rest === 0 || rest === 4) && isEntry(bytes, start, at)) return { key: bytes.slice(at + 4, end), start, end };
    }
    return undefined;
  },

  verify: ({ key, start, end }) => [
    {
      verdict: 'likely',
      span: { start, end },
      traits: { algorithm: 'symmetric', form: 'keytab', proof: 'document', bits: key.length * 8 },
      secret: key,
    },
  ],

  examples(make) {
    const number = (value: number, length: number) => make.be(BigInt(value), length);
    const text = (value: string) => make.concat(number(value.length, 2), value);
    const write = (key: Uint8Array, type: number, components = ['HTTP', 'web.internal']) => {
      const body = make.concat(
        number(components.length, 2),
        text('INTERNAL.TEST'),
        ...components.map(text),
        number(1, 4),
        number(1_700_000_000, 4),
        number(2, 1),
        number(type, 2),
        number(key.length, 2),
        key,
      );
      return make.concat(number(body.length, 4), body);
    };
    const hit = (name: string, type: number) => {
      const key = make.bytes(32);
      const entry = write(key, type);
      return {
        name,
        bytes: make.concat(Uint8Array.of(5, 2), entry),
        span: { start: 2, end: 2 + entry.length },
        verdict: 'likely' as const,
        traits: { algorithm: 'symmetric', form: 'keytab', proof: 'document', bits: 256 } as const,
        secrets: [key],
      };
    };
    const entry = write(make.bytes(32), 0x12);
    return {
      hits: [hit('AES-256 with SHA-1', 0x12), hit('AES-256 with SHA-384', 0x14)],
      misses: [
        { name: 'zeros for a key', bytes: write(new Uint8Array(32), 0x12), reaches: 'anchor' },
        { name: 'wrong size', bytes: make.concat(Uint8Array.of(0, 0, 0, 9), entry.slice(4)), reaches: 'anchor' },
        { name: 'control characters in a name', bytes: write(make.bytes(32), 0x12, ['a\x01']), reaches: 'anchor' },
      ],
    };
  },
});
