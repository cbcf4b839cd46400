/**
 * A second opinion on a `proven` finding that the suite did not expect: the bytes of the place are read again, by
 * node:crypto where it knows the format. Build artifacts do ship real keys (of test suites, for instance); those are
 * findings, not false alarms.
 */
import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import type { Curve, Finding, Form, Place } from '../../src/model/finding.ts';
import { pkcs8 } from '../encode/documents.ts';
import { rsaFromPrimes } from '../keys.ts';
import { openTrail } from './open-trail.ts';

const MAX_PLACE_BYTES = 65_536;
const MAX_PLACES = 8;
const MAX_NUMBER_BYTES = 2048;

/** OpenSSL's names, and bytes of a field element. */
const CURVES: Partial<Record<Curve, { readonly openssl: string; readonly bytes: number }>> = {
  'P-256': { openssl: 'prime256v1', bytes: 32 },
  'P-384': { openssl: 'secp384r1', bytes: 48 },
  'P-521': { openssl: 'secp521r1', bytes: 66 },
  secp256k1: { openssl: 'secp256k1', bytes: 32 },
};
/** RFC 8410: what stands before the seed in PKCS#8. */
const X25519_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');
const SEED_PREFIXES: Partial<Record<string, Buffer>> = {
  Ed25519: Buffer.from('302e020100300506032b657004220420', 'hex'),
  X25519: X25519_PREFIX,
  Ed448: Buffer.from('3047020100300506032b6571043b0439', 'hex'),
  X448: Buffer.from('3046020100300506032b656f043a0438', 'hex'),
};

/** Whether one of the places really holds the key, or the encrypted key, that was reported. */
export function isGenuine(finding: Finding): boolean {
  const { traits } = finding;
  const places = finding.places.slice(0, MAX_PLACES).map(readPlace);
  const contents = traits.form && PRINTED.has(traits.form) ? places.flatMap(printedIn) : places;
  if (areNumbers(contents, traits)) return true;
  return contents.some((bytes) => {
    if (traits.algorithm === 'age') return isBech32(bytes.toString('latin1'));
    const keys = attempts(bytes).map(tryKey);
    if (traits.protection !== undefined) return keys.includes('encrypted');
    return keys.some((key) => typeof key === 'object' && spkiSha256(key) === traits.publicKeySha256);
  });
}

const PRINTED: ReadonlySet<string> = new Set<Form>(['der-text', 'printed']);

/** What a text says: octets one by one in hex or decimal, and numbers, under labels or not. */
function printedIn(bytes: Buffer): readonly Buffer[] {
  const text = bytes.toString('latin1');
  const ofHex = (digits: string): Buffer =>
    Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  const octets = (part: string): Buffer => ofHex((part.replaceAll(/0x/gi, ' ').match(/[0-9a-f]{2}/gi) ?? []).join(''));
  const numbers = text.match(/[0-9a-f]{60,}/gi) ?? [];
  return [
    octets(text),
    Buffer.from((text.match(/-?\d+/g) ?? []).map((number) => Number(number) & 0xff)),
    ...text.split(/^.*[g-z].*$/im).map(octets),
    ...numbers.map(ofHex),
    ...numbers.filter((digits) => /^\d+$/.test(digits)).map((digits) => ofHex(BigInt(digits).toString(16))),
  ];
}

/**
 * Whether the places hold numbers of the reported key, in either byte order or as Java's ints: a scalar or seed with
 * that public key; for RSA two numbers of which one divides the other or whose product is the modulus.
 */
function areNumbers(contents: readonly Buffer[], traits: Finding['traits']): boolean {
  const texts = contents.flatMap((bytes) => {
    if (bytes.length > MAX_NUMBER_BYTES || bytes.length === 0) return [];
    const ints = bytes.length % 4 === 0 ? [Buffer.from(bytes).swap32()] : [];
    return [bytes, Buffer.from(bytes).reverse(), ...ints, ...digitsOf(bytes)];
  });
  const isReported = (attempt: () => KeyObject): boolean => {
    const key = tryKey(attempt);
    return typeof key === 'object' && spkiSha256(key) === traits.publicKeySha256;
  };
  const { curve, algorithm } = traits;
  if (algorithm === 'Ed25519' && traits.form === 'scalar') {
    return texts.some((scalar) => ed25519Spkis(scalar).some((spki) => sha256(spki) === traits.publicKeySha256));
  }
  const prefix = SEED_PREFIXES[algorithm ?? ''];
  if (prefix) {
    return texts.some((seed) =>
      isReported(() => createPrivateKey({ key: Buffer.concat([prefix, seed]), format: 'der', type: 'pkcs8' })),
    );
  }
  if (algorithm === 'EC' && curve) return texts.some((scalar) => isReported(() => ecKey(scalar, curve)));
  if (algorithm !== 'RSA') return false;
  const numbers = [...new Set(texts.map((bytes) => BigInt(`0x0${bytes.toString('hex')}`)))].filter((n) => n > 1n);
  return numbers.some((a) =>
    numbers.some(
      (b) => isReported(() => rsaKey(a, b)) || (b > a && b % a === 0n && isReported(() => rsaKey(a, b / a))),
    ),
  );
}

/** What the bytes are as digits of V8's Smis (in the upper half of 8 bytes) and of CPython. */
function digitsOf(bytes: Buffer): readonly Buffer[] {
  return [
    [28, 8, 4],
    [26, 8, 4],
    [30, 4, 0],
  ].flatMap(([bits = 0, slot = 0, skip = 0]) => {
    if (bytes.length % slot !== 0) return [];
    let value = 0n;
    for (let at = bytes.length - slot; at >= 0; at -= slot) {
      value = (value << BigInt(bits)) | BigInt(bytes.readUInt32LE(at + skip) % 2 ** bits);
    }
    const digits = value.toString(16);
    return Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  });
}

const P25519 = 2n ** 255n - 19n;
/** RFC 8410: what stands before the public key in SPKI. */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** The two public keys of a scalar, of which one is right: y = (u - 1)/(u + 1) of OpenSSL's X25519 (RFC 7748, 4.1). */
function ed25519Spkis(scalar: Buffer): readonly Buffer[] {
  if (scalar.length !== 32) return [];
  const pkcs8 = Buffer.concat([X25519_PREFIX, scalar]);
  const spki = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })).export({
    format: 'der',
    type: 'spki',
  });
  const u = BigInt(`0x${spki.subarray(-32).reverse().toString('hex')}`);
  let inverse = 1n;
  for (let exponent = P25519 - 2n, base = u + 1n; exponent > 0n; exponent >>= 1n, base = (base * base) % P25519) {
    if ((exponent & 1n) === 1n) inverse = (inverse * base) % P25519;
  }
  const y = ((u + P25519 - 1n) * inverse) % P25519;
  return [0n, 1n].map((sign) => {
    const encoded = Buffer.from((y | (sign << 255n)).toString(16).padStart(64, '0'), 'hex').reverse();
    return Buffer.concat([ED25519_SPKI, encoded]);
  });
}

function ecKey(scalar: Buffer, curve: Curve): KeyObject {
  const { openssl, bytes } = CURVES[curve] ?? { openssl: curve, bytes: scalar.length };
  const ecdh = createECDH(openssl);
  const padded = Buffer.concat([Buffer.alloc(bytes), scalar]).subarray(-bytes);
  ecdh.setPrivateKey(padded);
  const point = ecdh.getPublicKey();
  const member = (start: number): string => point.subarray(start, start + bytes).toString('base64url');
  const members = { x: member(1), y: member(1 + bytes), d: padded.toString('base64url') };
  return createPrivateKey({ key: { kty: 'EC', crv: curve, ...members }, format: 'jwk' });
}

function rsaKey(p: bigint, q: bigint): KeyObject {
  const key = rsaFromPrimes(p, q, 65_537n);
  return createPrivateKey({ key: Buffer.from(pkcs8(key)), format: 'der', type: 'pkcs8' });
}

function readPlace({ input, start, end, trail = [] }: Place): Buffer {
  if (trail.length > 0) return openTrail(input, trail)?.subarray(start, end) ?? Buffer.alloc(0);
  const bytes = Buffer.alloc(Math.min(end - start, MAX_PLACE_BYTES));
  const file = openSync(input, 'r');
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start));
  } finally {
    closeSync(file);
  }
}

const LABELS = ['PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'DSA PRIVATE KEY'];

function attempts(bytes: Buffer): readonly (() => KeyObject)[] {
  const text = bytes.toString(bytes.includes(Buffer.of(0x2d, 0)) ? 'utf16le' : 'latin1');
  const [, label = '', body = ''] = /-----BEGIN ([A-Z ]+)-----([^-]*)/.exec(text) ?? [];
  return [
    () => readPem(label, body),
    // With its headers (RFC 1421), which say that the body is encrypted; manuals indent their examples.
    () => createPrivateKey({ key: text.replace(/^[ \t]+/gm, ''), passphrase: '' }),
    ...LABELS.flatMap((name) => [() => readPem(name, bytes.toString('base64')), () => readPem(name, text)]),
    () => createPrivateKey({ key: JSON.parse(text) as JsonWebKey, format: 'jwk' }),
    () => readSexp(text),
  ];
}

/** `body` in any spelling: without the escapes, quotes and one-line forms that OpenSSL does not read. */
function readPem(label: string, body: string): KeyObject {
  const base64 = body.replace(/\\+[nrt]/g, '').replace(/[^A-Za-z0-9+/=]/g, '');
  const lines = [`-----BEGIN ${label}-----`, ...(base64.match(/.{1,64}/g) ?? []), `-----END ${label}-----`, ''];
  return createPrivateKey({ key: lines.join('\n'), passphrase: '' });
}

/** An encrypted key is one that OpenSSL understands up to the password, or up to a cipher that it no longer has. */
function tryKey(attempt: () => KeyObject): KeyObject | 'encrypted' | undefined {
  try {
    return attempt();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return /BAD_DECRYPT|PASSPHRASE|EVP_UNSUPPORTED|UNSUPPORTED_ALGORITHM|CIPHERFINAL|UNKNOWN_PBE/.test(code)
      ? 'encrypted'
      : undefined;
  }
}

/** libgcrypt's `(private-key (rsa (n #00..#) …))`; its u is not in the order of PKCS#1, so the rest is recomputed. */
function readSexp(text: string): KeyObject {
  const value = (name: string): bigint => {
    const [, digits = ''] = new RegExp(`\\(${name}\\s+#([0-9A-Fa-f\\s]+)#`).exec(text) ?? [];
    return BigInt(`0x${digits.replace(/\s/g, '')}`);
  };
  if (text.includes('ecc')) {
    const [d, q] = [value('d').toString(16).padStart(64, '0'), value('q').toString(16).padStart(130, '0')];
    const base64url = (digits: string): string => Buffer.from(digits, 'hex').toString('base64url');
    const members = { x: base64url(q.slice(2, 66)), y: base64url(q.slice(66)), d: base64url(d) };
    return createPrivateKey({ key: { kty: 'EC', crv: 'P-256', ...members }, format: 'jwk' });
  }
  const key = text.includes('dsa')
    ? ({ type: 'dsa', p: value('p'), q: value('q'), g: value('g'), x: value('x'), y: value('y') } as const)
    : rsaFromPrimes(value('p'), value('q'), value('e'));
  return createPrivateKey({ key: Buffer.from(pkcs8(key)), format: 'der', type: 'pkcs8' });
}

/** The checksum of BIP 173, which ends an age secret key. */
function isBech32(text: string): boolean {
  const lower = text.trim().toLowerCase();
  const separator = lower.lastIndexOf('1');
  const prefix = Array.from(lower.slice(0, separator), (character) => character.charCodeAt(0));
  const data = Array.from(lower.slice(separator + 1), (character) =>
    'qpzry9x8gf2tvdw0s3jn54khce6mua7l'.indexOf(character),
  );
  let checksum = 1;
  for (const value of [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...data]) {
    const top = checksum >> 25;
    checksum = ((checksum & 0x1ffffff) << 5) ^ value;
    for (const [i, generator] of [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].entries()) {
      if ((top >> i) & 1) checksum ^= generator;
    }
  }
  return separator > 0 && !data.includes(-1) && checksum === 1;
}

function spkiSha256(key: KeyObject): string {
  return sha256(createPublicKey(key).export({ format: 'der', type: 'spki' }));
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
