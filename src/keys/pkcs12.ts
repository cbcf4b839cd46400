/**
 * PKCS#12 (RFC 7292): an outer shell with a MAC, inside it contents, clear or encrypted, inside these bags. Streaming
 * writers (NSS, Bouncy Castle, Apple) use BER; it is made DER first, so positions inside are not those of the input.
 */
import { transcodeBer } from '../bytes/ber.ts';
import { type Element, readElement, readElements, readTag, TAG } from '../bytes/der.ts';
import { concat, hasBytes, latin1 } from '../bytes/reader.ts';
import { equalBytes, hmac } from '../proof/hash.ts';
import { bmpPassword, decryptPbe, deriveKey, MAX_ITERATIONS, pkcs12Kdf, smallInteger } from './pbe.ts';

const PKCS = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01];
const DATA = [...PKCS, 0x07, 0x01];
const ENCRYPTED_DATA = [...PKCS, 0x07, 0x06];
/** pkcs-12-bagtypes; one more byte names the type. */
const BAG_TYPES = [...PKCS, 0x0c, 0x0a, 0x01];
const KEY_BAG = 1;
const SHROUDED_KEY_BAG = 2;
const SAFE_CONTENTS_BAG = 6;
const PBMAC1 = [...PKCS, 0x05, 0x0e];

const HASHES: readonly (readonly [name: string, bytes: number, oid: readonly number[]])[] = [
  ['sha1', 20, [0x2b, 0x0e, 0x03, 0x02, 0x1a]],
  ['sha256', 32, [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]],
  ['sha384', 48, [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02]],
  ['sha512', 64, [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03]],
  ['sha224', 28, [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04]],
];
/** hmacWith… of PBMAC1 (RFC 9579) by the last byte. */
const HMAC_HASHES: Readonly<Record<number, string>> = { 8: 'sha224', 9: 'sha256', 10: 'sha384', 11: 'sha512' };

/** Hash computations that the search for the MAC password may cost. */
const MAX_HASHES = 500_000;
const MAX_CONTENTS = 16;
const MAX_BAGS = 512;
const MAX_DEPTH = 4;

export interface EncryptedContent {
  /** Holds the AlgorithmIdentifier. */
  readonly bytes: Uint8Array;
  readonly algorithm: Element;
  readonly ciphertext: Uint8Array;
}

export interface Pkcs12 {
  readonly start: number;
  /** Where the bytes end if it is cut off. */
  readonly end: number;
  /** SafeContents in DER. */
  readonly clear: readonly Uint8Array[];
  readonly encrypted: readonly EncryptedContent[];
  /** Content that the MAC covers, and MacData; undefined when cut off or protected otherwise. */
  /** Overwrites the copies; call it at the end. */
  wipe(): void;
  readonly mac?: { readonly content: Uint8Array; readonly bytes: Uint8Array; readonly data: Element };
}

const isOid = (bytes: Uint8Array, element: Element | undefined, oid: readonly number[]): boolean =>
  element?.tag === TAG.OID && element.end - element.start === oid.length && hasBytes(bytes, element.start, oid);

/** Octets of a primitive string, or of the pieces of a constructed one with an implicit tag. */
function octetsOf(bytes: Uint8Array, element: Element): Uint8Array {
  if ((element.tag & 0x20) === 0) return bytes.subarray(element.start, element.end);
  const pieces = readElements(bytes, element.start, element.end, 4096);
  return concat(...pieces.map(({ start, end }) => bytes.subarray(start, end)));
}

/** In DER, as far as it goes: bytes that are cut off stay as they are. */
const toDer = (bytes: Uint8Array): Uint8Array => transcodeBer(bytes, 0)?.der ?? bytes;

/** The PFX whose SEQUENCE is at `start`. */
export function readPkcs12(bytes: Uint8Array, start: number): Pkcs12 | undefined {
  const transcoded = transcodeBer(bytes, start);
  const der = transcoded?.der ?? bytes.slice(start);
  const outer = readTag(der, 0, TAG.SEQUENCE);
  if (!outer) return undefined;
  const [version, authSafe, macData] = readElements(der, outer.start, outer.end, 3);
  if (smallInteger(der, version) !== 3 || authSafe?.tag !== TAG.SEQUENCE) return undefined;
  const content = dataOf(der, authSafe);
  if (!content) return undefined;
  const safe = toDer(content);
  const sequence = readTag(safe, 0, TAG.SEQUENCE);
  const infos = sequence ? readElements(safe, sequence.start, sequence.end, MAX_CONTENTS) : [];
  const clear: Uint8Array[] = [];
  const encrypted: EncryptedContent[] = [];
  for (const info of infos) {
    const data = dataOf(safe, info);
    if (data) clear.push(toDer(data));
    const content = encryptedDataOf(safe, info);
    if (content) encrypted.push(content);
  }
  const whole = transcoded && macData?.tag === TAG.SEQUENCE;
  return {
    start,
    end: transcoded?.end ?? Math.min(bytes.length, start + outer.end),
    clear,
    encrypted,
    wipe() {
      for (const copy of [der, content, safe, ...clear]) copy.fill(0);
    },
    ...(whole && { mac: { content, bytes: der, data: macData } }),
  };
}

/** Octets of a ContentInfo of type data. */
function dataOf(bytes: Uint8Array, info: Element): Uint8Array | undefined {
  const [type, explicit] = readElements(bytes, info.start, info.end, 2);
  if (!isOid(bytes, type, DATA) || explicit?.tag !== 0xa0) return undefined;
  const octets = readElement(bytes, explicit.start, explicit.end);
  return octets?.tag === TAG.OCTET_STRING ? octetsOf(bytes, octets) : undefined;
}

/** EncryptedData (RFC 5652, 8): version, EncryptedContentInfo { type, algorithm, [0] octets }. */
function encryptedDataOf(bytes: Uint8Array, info: Element): EncryptedContent | undefined {
  const [type, explicit] = readElements(bytes, info.start, info.end, 2);
  if (!isOid(bytes, type, ENCRYPTED_DATA) || explicit?.tag !== 0xa0) return undefined;
  const data = readTag(bytes, explicit.start, TAG.SEQUENCE, explicit.end);
  const inner = data && readElements(bytes, data.start, data.end, 2)[1];
  if (inner?.tag !== TAG.SEQUENCE) return undefined;
  const [, algorithm, octets] = readElements(bytes, inner.start, inner.end, 3);
  if (algorithm?.tag !== TAG.SEQUENCE || !octets || octets.cut || (octets.tag & 0xdf) !== 0x80) return undefined;
  return { bytes, algorithm, ciphertext: octetsOf(bytes, octets) };
}

/** SafeContents inside an encrypted content, in memory of its own; undefined when the password doesn't open it. */
export function decryptContent(content: EncryptedContent, password: string): Uint8Array | undefined {
  const plain = decryptPbe(content.bytes, content.algorithm, content.ciphertext, password);
  const whole = plain && transcodeBer(plain, 0);
  if (plain && !whole) plain.fill(0);
  return whole ? plain : undefined;
}

/** A key bag in SafeContents: where its PrivateKeyInfo or EncryptedPrivateKeyInfo begins. */
export interface KeyBag {
  readonly bytes: Uint8Array;
  readonly at: number;
}

export function readKeyBags(bytes: Uint8Array, at = 0, limit = bytes.length, depth = 0): readonly KeyBag[] {
  const contents = readTag(bytes, at, TAG.SEQUENCE, limit);
  if (!contents || depth > MAX_DEPTH) return [];
  return readElements(bytes, contents.start, contents.end, MAX_BAGS).flatMap((bag) => {
    const [id, value] = readElements(bytes, bag.start, bag.end, 2);
    if (value?.tag !== 0xa0 || id?.tag !== TAG.OID || !hasBytes(bytes, id.start, BAG_TYPES)) return [];
    const type = bytes[id.end - 1];
    if (type === SAFE_CONTENTS_BAG) return readKeyBags(bytes, value.start, value.end, depth + 1);
    if (type !== KEY_BAG && type !== SHROUDED_KEY_BAG) return [];
    return { bytes, at: value.start };
  });
}

/** The first of `passwords` under which the MAC is right (RFC 7292, 4; RFC 9579); slow ones only as budget allows. */
export function macPassword({ mac }: Pkcs12, passwords: readonly string[]): string | undefined {
  if (!mac) return undefined;
  const { bytes, data } = mac;
  const [info, salt, iterationsElement] = readElements(bytes, data.start, data.end, 3);
  const [algorithm, expected] = info ? readElements(bytes, info.start, info.end, 2) : [];
  if (algorithm?.tag !== TAG.SEQUENCE || expected?.tag !== TAG.OCTET_STRING) return undefined;
  const digest = octetsOf(bytes, expected);
  const [oid, parameters] = readElements(bytes, algorithm.start, algorithm.end, 2);
  if (isOid(bytes, oid, PBMAC1)) {
    return passwords.find((password) => {
      const computed = parameters && pbmac1(bytes, parameters, mac.content, password);
      return computed !== undefined && equalBytes(computed, digest);
    });
  }
  const hash = HASHES.find(([, , known]) => isOid(bytes, oid, known));
  const iterations = iterationsElement ? smallInteger(bytes, iterationsElement) : 1;
  if (!hash || salt?.tag !== TAG.OCTET_STRING || iterations < 1 || iterations > MAX_ITERATIONS) return undefined;
  const most = Math.max(1, Math.floor(MAX_HASHES / iterations));
  return passwords.slice(0, most).find((password) =>
    passwordBytes(password).some((secret) => {
      const key = pkcs12Kdf(hash[0], secret, octetsOf(bytes, salt), 3, iterations, hash[1]);
      const computed = key && hmac(hash[0], key, mac.content);
      return computed !== undefined && equalBytes(computed, digest);
    }),
  );
}

/** Writers disagree whether an empty password has its two zero bytes. */
const passwordBytes = (password: string): readonly Uint8Array[] =>
  password === '' ? [bmpPassword(''), new Uint8Array(0)] : [bmpPassword(password)];

/** PBMAC1-params: key derivation and HMAC; the key is as long as the derivation's parameters say. */
function pbmac1(bytes: Uint8Array, parameters: Element, content: Uint8Array, password: string): Uint8Array | undefined {
  const [kdf, scheme] = readElements(bytes, parameters.start, parameters.end, 2);
  const oid = scheme && readTag(bytes, scheme.start, TAG.OID, scheme.end);
  const hash = oid && HMAC_HASHES[bytes[oid.end - 1]!];
  const kdfParameters = kdf && readElements(bytes, kdf.start, kdf.end, 2)[1];
  if (!hash || !kdfParameters) return undefined;
  const length = smallInteger(bytes, readElements(bytes, kdfParameters.start, kdfParameters.end, 3)[2]);
  const key = length >= 20 && length <= 128 ? deriveKey(bytes, kdf, latin1(password), length) : undefined;
  return key && hmac(hash, key, content);
}
