/**
 * Password-based encryption of key documents: PBES2 and PBES1 (RFC 8018), the PKCS#12 schemes (RFC 7292, B and C), and
 * those of the Java keystores (sun.security.provider.KeyProtector, com.sun.crypto.provider.KeyProtector).
 * Passwords are ASCII here. RC2 and RC4 are left out: OpenSSL 3 has them only as an option.
 */
import { type Element, readElement, readElements, readTag, TAG } from '../bytes/der.ts';
import { concat, hasBytes, latin1 } from '../bytes/reader.ts';
import { decrypt, digest, equalBytes, pbkdf2, scrypt } from '../proof/hash.ts';

/** Slowest derivation of ours that is tried, in iterations: Java used 100,000 and 200,000. PBKDF2 is native, and may take more. */
export const MAX_ITERATIONS = 300_000;
const SHA1_BYTES = 20;

const PKCS = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01];
const OID = {
  PBES2: [...PKCS, 0x05, 0x0d],
  PBKDF2: [...PKCS, 0x05, 0x0c],
  SCRYPT: [0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b],
  JKS: [0x2b, 0x06, 0x01, 0x04, 0x01, 0x2a, 0x02, 0x11, 0x01, 0x01],
  JCEKS: [0x2b, 0x06, 0x01, 0x04, 0x01, 0x2a, 0x02, 0x13, 0x01],
} as const;

interface Cipher {
  readonly oid: readonly number[];
  readonly name: string;
  readonly keyBytes: number;
}
const aes = (last: number, name: string, keyBytes: number): Cipher => ({
  oid: [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, last],
  name,
  keyBytes,
});
const CIPHERS: readonly Cipher[] = [
  aes(0x2a, 'aes-256-cbc', 32),
  aes(0x02, 'aes-128-cbc', 16),
  aes(0x16, 'aes-192-cbc', 24),
  { oid: [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07], name: 'des-ede3-cbc', keyBytes: 24 },
];

/** Hash functions by the last byte of hmacWith… (RFC 8018, B.1.2), the default being SHA-1. */
const PRF_HASHES: Readonly<Record<number, string>> = {
  7: 'sha1',
  8: 'sha224',
  9: 'sha256',
  10: 'sha384',
  11: 'sha512',
};

/** PBES1 (RFC 8018, A.3) with DES: hash by the last byte of the identifier. */
const PBES1_HASHES: Readonly<Record<number, string>> = { 3: 'md5', 10: 'sha1' };

const isOid = (bytes: Uint8Array, element: Element | undefined, oid: readonly number[]): boolean =>
  element?.tag === TAG.OID && element.end - element.start === oid.length && hasBytes(bytes, element.start, oid);

/** Whether the identifier is `arc` and one byte more; that byte, or -1. */
function lastOfArc(bytes: Uint8Array, element: Element, arc: readonly number[]): number {
  const fits = element.tag === TAG.OID && element.end - element.start === arc.length + 1;
  return fits && hasBytes(bytes, element.start, arc) ? bytes[element.end - 1]! : -1;
}

/** Value of a short INTEGER; -1 if it is none. */
export function smallInteger(bytes: Uint8Array, element: Element | undefined): number {
  if (!element || element.tag !== TAG.INTEGER || element.end - element.start > 4) return -1;
  let value = 0;
  for (let at = element.start; at < element.end; at++) value = value * 256 + bytes[at]!;
  return value;
}

const contentOf = (bytes: Uint8Array, element: Element): Uint8Array => bytes.subarray(element.start, element.end);

/** A password as RFC 7292 wants it: UTF-16BE and two zero bytes. */
export function bmpPassword(password: string): Uint8Array {
  return concat(utf16be(password), Uint8Array.of(0, 0));
}

export function utf16be(text: string): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i++) bytes[2 * i + 1] = text.charCodeAt(i);
  return bytes;
}

/**
 * Decrypts under an AlgorithmIdentifier. Undefined when the scheme is unknown, too slow, or the password is wrong (most
 * wrong ones fail by their padding; the caller must look at the result). The result is in memory of its own.
 * @param algorithm the SEQUENCE in `bytes`
 */
export function decryptPbe(
  bytes: Uint8Array,
  algorithm: Element,
  ciphertext: Uint8Array,
  password: string,
): Uint8Array | undefined {
  const [oid, parameters] = readElements(bytes, algorithm.start, algorithm.end, 2);
  if (!oid) return undefined;
  if (isOid(bytes, oid, OID.JKS)) return decryptJks(ciphertext, password);
  if (parameters?.tag !== TAG.SEQUENCE) return undefined;
  if (isOid(bytes, oid, OID.PBES2)) return decryptPbes2(bytes, parameters, ciphertext, password);
  const [saltElement, iterationsElement] = readElements(bytes, parameters.start, parameters.end, 2);
  const iterations = smallInteger(bytes, iterationsElement);
  if (saltElement?.tag !== TAG.OCTET_STRING || iterations < 1 || iterations > MAX_ITERATIONS) return undefined;
  const salt = contentOf(bytes, saltElement);
  if (isOid(bytes, oid, OID.JCEKS)) return decryptJceks(ciphertext, password, salt, iterations);
  const pkcs12 = lastOfArc(bytes, oid, [...PKCS, 0x0c, 0x01]);
  if (pkcs12 === 3 || pkcs12 === 4) return decryptPkcs12(pkcs12 === 3, ciphertext, password, salt, iterations);
  const hash = PBES1_HASHES[lastOfArc(bytes, oid, [...PKCS, 0x05])];
  return hash === undefined ? undefined : decryptPbes1(hash, ciphertext, password, salt, iterations);
}

/** RFC 8018, 6.2. */
function decryptPbes2(bytes: Uint8Array, parameters: Element, ciphertext: Uint8Array, password: string) {
  const [kdf, scheme] = readElements(bytes, parameters.start, parameters.end, 2);
  if (kdf?.tag !== TAG.SEQUENCE || scheme?.tag !== TAG.SEQUENCE) return undefined;
  const [schemeOid, iv] = readElements(bytes, scheme.start, scheme.end, 2);
  const cipher = CIPHERS.find(({ oid }) => isOid(bytes, schemeOid, oid));
  if (!cipher || iv?.tag !== TAG.OCTET_STRING) return undefined;
  const key = deriveKey(bytes, kdf, latin1(password), cipher.keyBytes);
  const plain = key && decrypt(cipher.name, key, contentOf(bytes, iv), ciphertext);
  key?.fill(0);
  return plain;
}

/** About how many hash computations of ours one password costs; native derivations count a tenth. */
export function derivationCost(bytes: Uint8Array, algorithm: Element): number {
  const [oid, parameters] = readElements(bytes, algorithm.start, algorithm.end, 2);
  if (parameters?.tag !== TAG.SEQUENCE) return 1;
  const [first, second] = readElements(bytes, parameters.start, parameters.end, 2);
  if (isOid(bytes, oid, OID.PBES2)) {
    const kdf = first && readElements(bytes, first.start, first.end, 2)[1];
    const cost = kdf && readElements(bytes, kdf.start, kdf.end, 2)[1];
    return Math.max(1, smallInteger(bytes, cost) / 10);
  }
  // Key and initial value are derived one after the other, or from two halves.
  return Math.max(1, 2 * smallInteger(bytes, second));
}

/** PBKDF2 or scrypt by its AlgorithmIdentifier (RFC 8018, A.2; RFC 7914, 7). */
export function deriveKey(
  bytes: Uint8Array,
  kdf: Element,
  password: Uint8Array,
  keyBytes: number,
): Uint8Array | undefined {
  const [oid, parameters] = readElements(bytes, kdf.start, kdf.end, 2);
  if (parameters?.tag !== TAG.SEQUENCE) return undefined;
  const [salt, cost, ...more] = readElements(bytes, parameters.start, parameters.end, 5);
  if (salt?.tag !== TAG.OCTET_STRING) return undefined;
  if (isOid(bytes, oid, OID.SCRYPT)) {
    const [N, r, p] = [cost, ...more].map((element) => smallInteger(bytes, element));
    return N && r && p ? scrypt(password, contentOf(bytes, salt), { N, r, p }, keyBytes) : undefined;
  }
  if (!isOid(bytes, oid, OID.PBKDF2)) return undefined;
  const iterations = smallInteger(bytes, cost);
  const prf = more.find(({ tag }) => tag === TAG.SEQUENCE);
  const prfOid = prf && readTag(bytes, prf.start, TAG.OID, prf.end);
  const hash = prfOid ? PRF_HASHES[bytes[prfOid.end - 1]!] : 'sha1';
  if (!hash) return undefined;
  return pbkdf2(hash, password, contentOf(bytes, salt), iterations, keyBytes);
}

/** PBKDF1 and DES in CBC mode. DES is Triple DES with three equal keys, which every OpenSSL has. */
function decryptPbes1(hash: string, ciphertext: Uint8Array, password: string, salt: Uint8Array, iterations: number) {
  let derived = digest(hash, latin1(password), salt);
  for (let i = 1; i < iterations && derived; i++) derived = digest(hash, derived);
  if (!derived) return undefined;
  const key = derived.subarray(0, 8);
  const tripled = concat(key, key, key);
  const plain = decrypt('des-ede3-cbc', tripled, derived.subarray(8, 16), ciphertext);
  derived.fill(0);
  tripled.fill(0);
  return plain;
}

/** pbeWithSHAAnd3-KeyTripleDES-CBC or …2-Key… (RFC 7292, C). An empty password may also stand for none at all. */
function decryptPkcs12(
  threeKeys: boolean,
  ciphertext: Uint8Array,
  password: string,
  salt: Uint8Array,
  iterations: number,
) {
  for (const bytes of password === '' ? [bmpPassword(''), new Uint8Array(0)] : [bmpPassword(password)]) {
    const key = pkcs12Kdf('sha1', bytes, salt, 1, iterations, threeKeys ? 24 : 16);
    const iv = pkcs12Kdf('sha1', bytes, salt, 2, iterations, 8);
    const plain = key && iv && decrypt(threeKeys ? 'des-ede3-cbc' : 'des-ede-cbc', key, iv, ciphertext);
    key?.fill(0);
    if (plain?.[0] === TAG.SEQUENCE) return plain;
    plain?.fill(0);
  }
  return undefined;
}

/**
 * RFC 7292, B.2.
 * @param password as `bmpPassword` makes it
 * @param id 1: key, 2: initial value, 3: MAC key
 */
export function pkcs12Kdf(
  hash: string,
  password: Uint8Array,
  salt: Uint8Array,
  id: 1 | 2 | 3,
  iterations: number,
  length: number,
): Uint8Array | undefined {
  const block = hash === 'sha384' || hash === 'sha512' ? 128 : 64;
  const input = concat(repeat(salt, block), repeat(password, block));
  const diversifier = new Uint8Array(block).fill(id);
  const out = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    let derived = digest(hash, diversifier, input);
    for (let i = 1; i < iterations && derived; i++) derived = digest(hash, derived);
    if (!derived) return undefined;
    out.set(derived.subarray(0, Math.min(derived.length, length - at)), at);
    at += derived.length;
    addToBlocks(input, repeat(derived, block).subarray(0, block), block);
  }
  input.fill(0);
  return out;
}

/** Copies of `bytes`, filled up to a multiple of `block`. */
function repeat(bytes: Uint8Array, block: number): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / block) * block);
  for (let at = 0; at < out.length; at++) out[at] = bytes[at % bytes.length]!;
  return out;
}

/** Each block of `input`, as a big-endian number, becomes itself + `addend` + 1. */
function addToBlocks(input: Uint8Array, addend: Uint8Array, block: number): void {
  for (let start = 0; start < input.length; start += block) {
    let carry = 1;
    for (let i = block - 1; i >= 0; i--) {
      carry += input[start + i]! + addend[i]!;
      input[start + i] = carry & 255;
      carry >>= 8;
    }
  }
}

/** Salt, the key XORed with a stream of SHA-1, SHA-1 of password and key: the checksum proves the password. */
function decryptJks(data: Uint8Array, password: string): Uint8Array | undefined {
  const length = data.length - 2 * SHA1_BYTES;
  if (length < 1) return undefined;
  const secret = utf16be(password);
  const plain = data.slice(SHA1_BYTES, SHA1_BYTES + length);
  let stream = digest('sha1', secret, data.subarray(0, SHA1_BYTES));
  for (let at = 0; at < length && stream; at += SHA1_BYTES) {
    for (let i = at; i < Math.min(length, at + SHA1_BYTES); i++) plain[i]! ^= stream[i - at]!;
    stream = digest('sha1', secret, stream);
  }
  const check = digest('sha1', secret, plain);
  if (check && equalBytes(check, data.subarray(SHA1_BYTES + length))) return plain;
  plain.fill(0);
  return undefined;
}

/** PBEWithMD5AndTripleDES: each half of the salt is hashed on its own; 24 bytes of key, 8 of initial value. */
function decryptJceks(ciphertext: Uint8Array, password: string, salt: Uint8Array, iterations: number) {
  if (salt.length !== 8) return undefined;
  const halves = [salt.slice(0, 4), salt.slice(4)];
  if (equalBytes(halves[0]!, halves[1]!)) {
    // As the JDK does it, with its slip: index 3-1 where 3-i was meant.
    const [first] = halves as [Uint8Array, Uint8Array];
    for (let i = 0; i < 2; i++) {
      const byte = first[i]!;
      first[i] = first[3 - i]!;
      first[2] = byte;
    }
  }
  const secret = latin1(password);
  const derived = new Uint8Array(32);
  for (const [index, half] of halves.entries()) {
    let hash: Uint8Array | undefined = half;
    for (let i = 0; i < iterations && hash; i++) hash = digest('md5', hash, secret);
    if (!hash) return undefined;
    derived.set(hash, index * 16);
  }
  const plain = decrypt('des-ede3-cbc', derived.subarray(0, 24), derived.subarray(24), ciphertext);
  derived.fill(0);
  return plain;
}

/** The element that an EncryptedPrivateKeyInfo at `at` consists of: AlgorithmIdentifier and ciphertext. */
export function readEncryptedKeyInfo(
  bytes: Uint8Array,
  at: number,
  limit = bytes.length,
): { readonly algorithm: Element; readonly ciphertext: Uint8Array } | undefined {
  const outer = readElement(bytes, at, limit);
  if (outer?.tag !== TAG.SEQUENCE || outer.cut) return undefined;
  const [algorithm, data] = readElements(bytes, outer.start, outer.end, 2);
  if (algorithm?.tag !== TAG.SEQUENCE || data?.tag !== TAG.OCTET_STRING || data.cut) return undefined;
  return { algorithm, ciphertext: contentOf(bytes, data) };
}
