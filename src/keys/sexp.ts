/**
 * S-expressions of libgcrypt and the private keys in them: canonical (`(11:private-key(3:rsa…`, Rivest's draft), the
 * advanced text of gpg-agent's key files (`(private-key (rsa (n #00…#)`, GnuPG's agent/keyformat.txt), and libgcrypt's form in
 * memory (src/sexp.c: byte 3 opens a list, 4 closes it, 1 and a 16-bit little-endian length begin an atom).
 */
import { hexValue, isDigit } from '../bytes/ascii.ts';
import { looksRandom } from '../bytes/entropy.ts';
import { bigintFromBe, bitLength } from '../bytes/limbs.ts';
import { hasText, u16le } from '../bytes/reader.ts';
import type { Curve } from '../model/finding.ts';
import { OKP_CURVES, type OkpCurve } from '../proof/curves.ts';
import { rsaPublicIds } from '../proof/public-key.ts';
import type { KeyDocument, KeyParts } from './key-parts.ts';

export type SexpSyntax = 'canonical' | 'advanced' | 'memory';

/** Longest atom: the private exponent of RSA-16384. */
const MAX_ATOM_BYTES = 2100;
const MAX_TOKENS = 200;
const MAX_DEPTH = 12;

type Token = 'open' | 'close' | { readonly start: number; readonly end: number; readonly hex?: boolean };

/** The token at `at`, and where the next one begins; undefined when there is none. */
function readToken(bytes: Uint8Array, at: number, syntax: SexpSyntax): { token: Token; next: number } | undefined {
  if (syntax === 'memory') {
    const kind = bytes[at];
    if (kind === 3 || kind === 4) return { token: kind === 3 ? 'open' : 'close', next: at + 1 };
    const length = kind === 1 ? u16le(bytes, at + 1) : undefined;
    return length === undefined ? undefined : atom(bytes, at + 3, length);
  }
  const start = syntax === 'canonical' ? at : skipBlanks(bytes, at);
  const char = bytes[start];
  if (char === 0x28 || char === 0x29) return { token: char === 0x28 ? 'open' : 'close', next: start + 1 };
  if (syntax === 'advanced') return readText(bytes, start);
  let length = 0;
  let digits = start;
  for (; digits < start + 5 && isDigit(bytes[digits]); digits++) length = length * 10 + bytes[digits]! - 0x30;
  return digits > start && bytes[digits] === 0x3a ? atom(bytes, digits + 1, length) : undefined;
}

function atom(bytes: Uint8Array, start: number, length: number): { token: Token; next: number } | undefined {
  const end = start + length;
  return length <= MAX_ATOM_BYTES && end <= bytes.length ? { token: { start, end }, next: end } : undefined;
}

/** `#hex#`, `"string"` or a word. */
function readText(bytes: Uint8Array, start: number): { token: Token; next: number } | undefined {
  const quote = bytes[start];
  const quoted = quote === 0x23 || quote === 0x22;
  const limit = Math.min(bytes.length, start + 3 * MAX_ATOM_BYTES);
  let end = quoted ? start + 1 : start;
  while (end < limit && (quoted ? bytes[end] !== quote : isWord(bytes[end]!))) end++;
  if (end >= limit || end === start) return undefined;
  const token = quoted ? { start: start + 1, end, hex: quote === 0x23 } : { start, end };
  return { token, next: quoted ? end + 1 : end };
}

const isWord = (char: number): boolean => char > 0x20 && char < 0x7f && char !== 0x28 && char !== 0x29;

function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
  return at;
}

/** Content of an atom in memory of its own. */
function content(bytes: Uint8Array, { start, end, hex }: Exclude<Token, string>): Uint8Array {
  if (!hex) return bytes.slice(start, end);
  const out = new Uint8Array((end - start) >> 1);
  let length = 0;
  let high = -1;
  for (let at = start; at < end; at++) {
    const value = hexValue(bytes[at]);
    if (value < 0) continue; // line ends and indentation
    if (high >= 0) out[length++] = (high << 4) | value;
    high = high >= 0 ? -1 : value;
  }
  return out.subarray(0, length);
}

const ALGORITHMS = ['rsa', 'openpgp-rsa', 'dsa', 'openpgp-dsa', 'elg', 'openpgp-elg', 'ecc', 'ecdsa', 'ecdh'] as const;
/** Names of the lists that hold a value. */
const NAMES = ['n', 'e', 'd', 'p', 'q', 'g', 'y', 'x', 'curve', 'protected'] as const;
type Name = (typeof NAMES)[number];

const CURVES: readonly (readonly [string, Curve | OkpCurve])[] = [
  ['NIST P-256', 'P-256'],
  ['nistp256', 'P-256'],
  ['NIST P-384', 'P-384'],
  ['nistp384', 'P-384'],
  ['NIST P-521', 'P-521'],
  ['nistp521', 'P-521'],
  ['NIST P-224', 'P-224'],
  ['NIST P-192', 'P-192'],
  ['secp256k1', 'secp256k1'],
  ['brainpoolP256r1', 'brainpoolP256r1'],
  ['brainpoolP384r1', 'brainpoolP384r1'],
  ['brainpoolP512r1', 'brainpoolP512r1'],
  ['Ed25519', 'Ed25519'],
  ['Curve25519', 'X25519'],
  ['X25519', 'X25519'],
  ['Ed448', 'Ed448'],
  ['X448', 'X448'],
];

const nameAmong = <T extends string>(names: readonly T[], bytes: Uint8Array): T | undefined =>
  names.find((name) => name.length === bytes.length && hasText(bytes, 0, name));

/** A key, and the memory that its parts were copied to: to be wiped by the caller. */
export interface SexpKey extends KeyDocument {
  readonly scratch: readonly Uint8Array[];
}

/** The key whose list (of `private-key` or `protected-private-key`) opens at `at`. */
export function readSexpKey(bytes: Uint8Array, at: number, syntax: SexpSyntax): SexpKey | undefined {
  const values = new Map<Name, Uint8Array>();
  const scratch: Uint8Array[] = [];
  let algorithm: (typeof ALGORITHMS)[number] | undefined;
  let name: Name | undefined;
  let depth = 0;
  let end = at;
  for (let count = 0; count < MAX_TOKENS; count++) {
    const found = readToken(bytes, end, syntax);
    if (!found) break;
    const { token, next } = found;
    end = next;
    if (token === 'open') depth++;
    if (token === 'close') depth--;
    if (depth === 0 || depth > MAX_DEPTH) break;
    if (typeof token === 'string') {
      // The list of the S2K's parameters lies inside of `protected`; its ciphertext comes after it.
      if (depth <= 2) name = undefined;
      continue;
    }
    const value = content(bytes, token);
    scratch.push(value);
    if (depth === 2) algorithm = nameAmong(ALGORITHMS, value);
    if (depth !== 3) continue;
    if (name === undefined) name = nameAmong(NAMES, value);
    else values.set(name, value);
  }
  const parts = algorithm && toParts(algorithm.replace('openpgp-', ''), values, scratch);
  if (parts) return { parts, start: at, end, scratch };
  for (const value of scratch) value.fill(0);
  return undefined;
}

function toParts(
  algorithm: string,
  values: ReadonlyMap<Name, Uint8Array>,
  scratch: Uint8Array[],
): KeyParts | undefined {
  const number = (name: Name): bigint | undefined => {
    const value = values.get(name);
    return value && bigintFromBe(value);
  };
  const [n, e] = [number('n'), number('e')];
  const ciphertext = values.get('protected');
  if (ciphertext) {
    if (ciphertext.length < 32 || !looksRandom(ciphertext.subarray(0, 64))) return undefined;
    const name = ({ rsa: 'RSA', dsa: 'DSA', elg: 'ElGamal' } as const)[algorithm] ?? 'EC';
    const ids = n && e ? { bits: bitLength(n), ...rsaPublicIds(n, e) } : {};
    return { type: 'encrypted', protection: 'pgp-s2k', ciphertext, traits: { algorithm: name, ...ids } };
  }
  const [p, q, g, y, x] = [number('p'), number('q'), number('g'), number('y'), number('x')];
  if (algorithm === 'rsa') return { type: 'rsa', numbers: { n, e, d: number('d'), p, q } };
  if (algorithm === 'dsa') return p && q && g && x ? { type: 'dsa', numbers: { p, q, g, y, x } } : undefined;
  if (algorithm === 'elg') return p && g && y && x ? { type: 'elgamal', numbers: { p, g, y, x } } : undefined;
  return toCurveParts(values, scratch);
}

function toCurveParts(values: ReadonlyMap<Name, Uint8Array>, scratch: Uint8Array[]): KeyParts | undefined {
  const [scalar, point, curveName] = [values.get('d'), values.get('q'), values.get('curve')];
  if (!scalar) return undefined;
  const first = scalar.findIndex((byte) => byte !== 0);
  const stored = scalar.subarray(first < 0 ? scalar.length : first);
  const curve = curveName && CURVES.find(([known]) => nameAmong([known], curveName))?.[1];
  const okp = OKP_CURVES.find(({ name }) => name === curve);
  if (!okp) return { type: 'ec', numbers: { curve: curve as Curve | undefined, scalar: stored, point } };
  if (stored.length > okp.size) return undefined;
  const privateKey = new Uint8Array(okp.size);
  scratch.push(privateKey);
  privateKey.set(stored, okp.size - stored.length);
  // Only Curve25519 is stored as a number, the others as octets.
  if (okp.name === 'X25519') privateKey.reverse();
  const publicKey = point && (point.length === okp.size + 1 && point[0] === 0x40 ? point.subarray(1) : point);
  return { type: 'okp', numbers: { curve: okp.name, privateKey, publicKey } };
}
