/**
 * Azure's "identifiable keys": base64 with a signature of four characters before a checksum of six, Marvin32 over all but
 * the last four bytes (github.com/microsoft/security-utilities). The trap: some services write a letter where the checksum
 * would have `+` or `/`.
 */
import { decodeBase64, isBase64 } from '../bytes/base64.ts';
import { marvin32 } from '../bytes/marvin32.ts';
import { latin1 } from '../bytes/reader.ts';
import { BASE64 } from '../bytes/token.ts';
import { type Detector, defineDetector, type Hit, type Miss } from '../model/detector.ts';
import type { Severity } from '../model/finding.ts';
import type { Make } from '../model/make.ts';
import { claimToken, tokenDoc } from './token-detector.ts';

export interface AzureKeyDeclaration {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** What it opens, with Microsoft's documentation as source. Markdown. */
  readonly about: string;
  readonly revoke: string;
  /** Four characters each. */
  readonly signatures: readonly string[];
  /** Names of the seeds of the checksum, eight characters each. */
  readonly seeds: readonly string[];
  /** Lengths of the key in bytes. */
  readonly sizes: readonly number[];
}

const CHECKSUM_BYTES = 4;
const SIGNATURE_CHARS = 4;
const CHECKSUM_CHARS = 6;

/** Characters of base64 without padding. */
const charsOf = (bytes: number): number => Math.ceil((bytes * 8) / 6);
/** Characters before the signature. */
const signatureAt = (bytes: number): number => charsOf(bytes) - CHECKSUM_CHARS - SIGNATURE_CHARS;

/** Base64 values of `bytes` at the character index `at`. */
function sextet(bytes: Uint8Array, at: number): number {
  const bit = at * 6;
  const pair = (bytes[bit >> 3]! << 8) | (bytes[(bit >> 3) + 1] ?? 0);
  return (pair >> (10 - (bit & 7))) & 63;
}

/** Whether the last six characters of `key` are the checksum of the bytes before, with one of the seeds. */
function hasChecksum(key: Uint8Array, size: number, seeds: readonly Uint8Array[]): boolean {
  const { bytes } = decodeBase64(key, 0, key.length, { style: 'plain', maxChars: charsOf(size) });
  const agrees =
    bytes.length === size &&
    seeds.some((seed) => {
      const checksum = marvin32(bytes.subarray(0, size - CHECKSUM_BYTES), seed);
      for (let i = 0; i < CHECKSUM_BYTES; i++) bytes[size - CHECKSUM_BYTES + i] = (checksum >>> (8 * i)) & 255;
      for (let at = charsOf(size) - CHECKSUM_CHARS; at < charsOf(size); at++) {
        const value = sextet(bytes, at);
        if (value < 62 && key[at] !== ALPHABET[value]) return false;
      }
      return true;
    });
  bytes.fill(0);
  return agrees;
}

const ALPHABET = latin1(`${BASE64.slice(10, 62)}${BASE64.slice(0, 10)}`);

interface Candidate {
  readonly key: Uint8Array;
  readonly size: number;
  readonly start: number;
  readonly end: number;
}

export function defineAzureKey(declaration: AzureKeyDeclaration): Detector {
  const { id, title, severity, about, revoke, signatures, sizes } = declaration;
  const seeds = declaration.seeds.map(latin1);
  const longest = Math.max(...sizes);

  return defineDetector<Candidate>({
    id,
    title,
    severity,
    doc: tokenDoc(about, revoke, 'the Marvin32 checksum in its last six characters'),
    anchors: signatures.map((text) => ({ text, wide: 'utf-16' })),
    reach: { before: signatureAt(longest) + 1, after: SIGNATURE_CHARS + CHECKSUM_CHARS + 3 },

    parse({ bytes, at }) {
      let end = at + SIGNATURE_CHARS + CHECKSUM_CHARS;
      for (let i = at; i < end; i++) if (!isBase64(bytes[i])) return undefined;
      let start = at;
      while (start > 0 && start > at - signatureAt(longest) - 1 && isBase64(bytes[start - 1])) start--;
      const size = sizes.find((bytes) => signatureAt(bytes) <= at - start);
      if (size === undefined || isBase64(bytes[end])) return undefined;
      start = at - signatureAt(size);
      const key = bytes.slice(start, end);
      while (bytes[end] === 0x3d && (end - start) % 4 !== 0) end++;
      return { key, size, start, end };
    },

    verify({ key, size, start, end }) {
      return hasChecksum(key, size, seeds) ? [claimToken(key, { start, end }, severity, true)] : [];
    },

    examples(make) {
      const seed = make.pick(declaration.seeds);
      const hit = (name: string, before: string, key: string, after: string): Hit => ({
        name,
        bytes: make.ascii(before + key + after),
        span: { start: before.length, end: before.length + key.length },
        verdict: 'proven',
        traits: { algorithm: 'token', form: 'token', proof: 'checksum' },
        secrets: [make.ascii(key.replace(/=+$/, ''))],
      });
      const hits = signatures.flatMap((signature) =>
        sizes.map((size) =>
          hit(`${signature}, ${size} bytes`, 'Name=a;Key=', writeAzureKey(make, signature, seed, size), ';X=1'),
        ),
      );
      const [signature, size] = [signatures[0]!, sizes[0]!];
      const right = writeAzureKey(make, signature, seed, size);
      const wrong = right.slice(0, 3) + (right[3] === 'A' ? 'B' : 'A') + right.slice(4);
      const miss = (name: string, text: string, reaches: Miss['reaches']): Miss => ({
        name,
        bytes: make.ascii(`"${text}"`),
        reaches,
      });
      return {
        hits,
        misses: [
          miss('wrong checksum', wrong, 'verify'),
          miss('another seed', writeAzureKey(make, signature, 'Another0', size), 'verify'),
          miss('inside longer base64', `${right.replace(/=+$/, '')}${make.text(20)}`, 'anchor'),
          miss('cut off', right.slice(20), 'anchor'),
        ],
      };
    },
  });
}

/** Random bytes whose base64 has the signature in its place, and their checksum. */
export function writeAzureKey(make: Make, signature: string, seedName: string, size: number): string {
  const text = make.base64(make.bytes(size)).replace(/=+$/, '');
  const at = text.length - CHECKSUM_CHARS - SIGNATURE_CHARS;
  const signed = text.slice(0, at) + signature + text.slice(at + SIGNATURE_CHARS);
  const bytes = Uint8Array.from(atob(signed), (char) => char.charCodeAt(0));
  return make.base64(
    make.concat(bytes.slice(0, size - CHECKSUM_BYTES), make.marvin32(bytes.slice(0, size - CHECKSUM_BYTES), seedName)),
  );
}
