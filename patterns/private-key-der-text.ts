// A DER private key whose octets are printed one by one: hex of any kind, JSON and language literals of byte arrays, escaped
// strings. The anchors begin at the version, behind the outer header, whose length varies with the key.
import { type OctetNotation, readOctetText, stepBack } from '../src/bytes/octet-text.ts';
import { claimKey } from '../src/keys/claims.ts';
import { readDocument } from '../src/keys/document.ts';
import type { KeyParts } from '../src/keys/key-parts.ts';
import { type Anchor, defineDetector, type Hit } from '../src/model/detector.ts';
import type { AnyKey } from '../src/model/make.ts';
import type { Span } from '../src/model/place.ts';

/** Version and the tag that follows it: PKCS#8 (with a public key), PKCS#1, SEC1. Digits only, so that case doesn't matter. */
const BEGINNINGS = ['02 01 00 30', '02 01 01 30', '02 01 00 02', '02 01 01 04'];
/** Bytes that the header of the outer SEQUENCE has before the version. */
const HEADERS = [4, 3, 2];

type TextAnchor = Extract<Anchor, { text: string }>;

const HEX_ANCHORS: readonly TextAnchor[] = BEGINNINGS.flatMap((octets) => [
  { text: octets.replaceAll(' ', ''), wide: 'utf-16' as const },
  { text: octets.replaceAll(' ', ':') },
  { text: octets.replaceAll(' ', '-'), wide: 'utf-16' as const },
  { text: octets },
  // One digit where it is enough (Go's %#v), two elsewhere (C, xxd -i).
  ...[octets, octets.replaceAll(/0(?=\d)/g, '')].flatMap((digits) =>
    [', ', ','].map((separator) => ({ text: digits.replaceAll(/(?<!\d)(?=\d)/g, '0x').replaceAll(' ', separator) })),
  ),
]);
const ESCAPED_ANCHORS: readonly TextAnchor[] = ['\\x02\\x01\\x0', '\\002\\001\\00', '\\2\\1\\0', '\\2\\1\\1'].map(
  (text) => ({ text }),
);

function notationOf(anchor: number): OctetNotation {
  if (anchor < HEX_ANCHORS.length) return 'hex';
  return anchor < HEX_ANCHORS.length + ESCAPED_ANCHORS.length ? 'escaped' : 'decimal';
}

/** PKCS#8 of RSA-8192. */
const MAX_OCTETS = 5_120;

interface Candidate {
  readonly parts: KeyParts;
  readonly span: Span;
  readonly octets: Uint8Array;
}

function readAt(bytes: Uint8Array, start: number, notation: OctetNotation): Candidate | undefined {
  const text = readOctetText(bytes, start, notation, MAX_OCTETS);
  const document = readDocument(text.octets);
  if (!document) {
    text.octets.fill(0);
    return undefined;
  }
  const exact = readOctetText(bytes, start, notation, document.end);
  exact.octets.fill(0);
  return { parts: document.parts, span: { start, end: exact.next }, octets: text.octets };
}

/**
 * Whether a key document could begin with the octets at `start`: the header of a SEQUENCE that is `size` bytes long (X.690, 8.1.3), a version, and
 * what follows that. Cheap, since a text may be full of the anchors.
 */
function mayBegin(bytes: Uint8Array, start: number, notation: OctetNotation, size: number): boolean {
  const { octets } = readOctetText(bytes, start, notation, size + 8);
  const fits = octets.length === size + 8 && beginsAsKey(octets, size);
  // SEC1's scalar begins among them.
  octets.fill(0);
  return fits;
}

function beginsAsKey(octets: Uint8Array, size: number): boolean {
  if (octets[0] !== 0x30) return false;
  if (size === 2 ? octets[1]! >= 0x80 : octets[1] !== 0x7e + size) return false;
  const [integer, one, version, tag, length] = octets.subarray(size);
  if (integer !== 2 || one !== 1 || version! > 1) return false;
  if (tag === 2) return length! > 0x40 && length! <= 0x82; // PKCS#1: a modulus
  if (tag === 4) return length! >= 0x14 && length! <= 0x48; // SEC1: a scalar
  // PKCS#8: an AlgorithmIdentifier, which begins with an object identifier.
  return tag === 0x30 && octets[size + 5 + Math.max(0, length! - 0x80)] === 6;
}

export default defineDetector<Candidate>({
  id: 'private-key-der-text',
  title: 'Private key, octets of its DER as text',
  severity: 'critical',
  doc: `
A private key in DER (PKCS#1, PKCS#8, SEC1) whose octets a program printed one by one: plain hex (\`xxd -p\`, \`bytea\` of PostgreSQL, JSON),
\`30:82:04\`, \`30 82 04\`, \`30-82-04\` (.NET's \`BitConverter\`), \`0x30, 0x82\` (C arrays, Go's \`%#v\`), \`[48,130,4]\` (Node's \`Buffer\` in JSON, Go's \`%v\`, Rust's \`{:?}\`), with signs (Java),
\`0\\x82\\x04\` (C strings, Python's \`repr\`, Ruby's \`inspect\`), \`0\\202\\4\` (gdb, strace). Logs, error reports and source text hold keys so.

**Proof**: n = p·q or d·G = Q. Where the document holds no public key, it is complete to the last byte, the private value looks
drawn at random, and the public key is derived from it.

**What to do**: replace the key pair, revoke its certificates, and find out who could read the file.
`,
  anchors: [...HEX_ANCHORS, ...ESCAPED_ANCHORS, { dense: 'decimal-run' }],
  // RSA-8192, one octet in a line of a deeply indented list.
  reach: { before: 320, after: 65_536 },

  parse({ bytes, at, anchor }) {
    const notation = notationOf(anchor);
    // A run of decimals begins with the document.
    let first = at;
    if (notation === 'decimal') while (first < bytes.length && bytes[first]! < 0x30) first++;
    for (const size of HEADERS) {
      const start = notation === 'decimal' ? first : stepBack(bytes, at, notation, size);
      if (start === undefined || !mayBegin(bytes, start, notation, size)) continue;
      const found = readAt(bytes, start, notation);
      if (found) return found;
    }
    return undefined;
  },

  verify({ parts, span, octets }) {
    const claims = claimKey(parts, 'der-text', span);
    octets.fill(0);
    return claims;
  },

  examples(make) {
    const hit = (name: string, key: AnyKey, before: string, text: string, after: string): Hit => ({
      name,
      bytes: make.ascii(before + text + after),
      span: { start: before.length, end: before.length + text.length },
      verdict: 'proven',
      traits: { form: 'der-text', publicKeySha256: make.publicKeySha256(key) },
      secrets: make.secrets(key),
    });
    const hex = (bytes: Uint8Array): string[] => make.hex(bytes).match(/../g) ?? [];
    const numbers = (bytes: Uint8Array): number[] => Array.from(bytes);
    const repr = (bytes: Uint8Array): string =>
      Array.from(bytes, (byte) =>
        byte >= 0x20 && byte < 0x7f && ![0x22, 0x27, 0x5c].includes(byte)
          ? String.fromCharCode(byte)
          : `\\x${byte.toString(16).padStart(2, '0')}`,
      ).join('');
    const octal = (bytes: Uint8Array): string =>
      Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
    const rsa = make.rsa(2048);
    const p256 = make.ec('P-256');
    const p521 = make.ec('P-521');
    const ed = make.okp('Ed25519');
    const [pkcs8, sec1] = [make.pkcs8(rsa), make.sec1(p256)];
    const damaged = make.pkcs8(p256).slice();
    damaged[damaged.length - 8]! ^= 0x10; // a bit of the point
    return {
      hits: [
        hit('hex', rsa, 'key=', make.hex(pkcs8), '\n'),
        hit('hex in upper case', p521, '"\\\\x', make.hex(make.pkcs8(p521)).toUpperCase(), '"'),
        hit('hex in lines', rsa, '', (make.hex(make.pkcs1(rsa)).match(/.{1,60}/g) ?? []).join('\n'), '\n'),
        hit('hex, Ed25519', ed, '\0', make.hex(make.pkcs8(ed)), '\0'),
        hit('colons', p256, 'raw: ', hex(sec1).join(':'), '\n'),
        hit('hyphens', p256, 'key ', hex(sec1).join('-').toUpperCase(), '\r\n'),
        hit('blanks', p256, '<Buffer ', hex(make.pkcs8(p256)).join(' '), '>'),
        hit('C', p256, '{ ', `0x${hex(sec1).join(', 0x')}`, ' };'),
        hit(
          'Go',
          ed,
          '[]byte{',
          numbers(make.pkcs8(ed))
            .map((byte) => `0x${byte.toString(16)}`)
            .join(', '),
          '}',
        ),
        hit('JSON', rsa, '{"type":"Buffer","data":[', numbers(pkcs8).join(','), ']}'),
        hit('indented', p256, '[\n        ', numbers(make.pkcs8(p256)).join(',\n        '), '\n    ]'),
        hit('Java', ed, '[', Array.from(new Int8Array(make.pkcs8(ed))).join(', '), ']'),
        hit('Go, decimal', p521, '[', numbers(make.pkcs8(p521)).join(' '), ']'),
        hit('escaped', rsa, "b'", repr(pkcs8), "'"),
        hit('escaped, octal', p256, 'read(3, "', octal(sec1), '", 4096)'),
      ],
      misses: [
        { name: 'point damaged', bytes: make.ascii(`x ${make.hex(damaged)} `), reaches: 'verify' },
        { name: 'another structure', bytes: make.ascii(`3006020100${make.hex(make.bytes(40))}`), reaches: 'anchor' },
        { name: 'a table of numbers', bytes: make.ascii(`${'48,130,4,1,'.repeat(20)}\n`), reaches: 'anchor' },
      ],
    };
  },
});
