/**
 * Private keys in DER: PKCS#1 (RFC 8017, A.1.2), PKCS#8 and OneAsymmetricKey (RFC 5958, 8410, 9881, 9909), SEC1 (RFC 5915),
 * OpenSSL's DSAPrivateKey, EncryptedPrivateKeyInfo (RFC 5958, 3). Documents may be cut off at their end:
 * what is whole is read.
 */

import { type Element, readElement, readElements, readTag, TAG } from '../bytes/der.ts';
import { looksRandom } from '../bytes/entropy.ts';
import { bigintFromBe } from '../bytes/limbs.ts';
import { hasBytes } from '../bytes/reader.ts';
import type { Protection } from '../model/finding.ts';
import { curveByOid, OKP_CURVES } from '../proof/curves.ts';
import { type PostQuantumParameters, postQuantumByOid } from '../proof/post-quantum.ts';
import type { RsaNumbers } from '../proof/rsa.ts';
import type { KeyDocument, KeyParts } from './key-parts.ts';

const RSA_OIDS = [
  [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01], // rsaEncryption
  [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a], // id-RSASSA-PSS
  [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x07], // id-RSAES-OAEP
];
const EC_OID = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
export const DSA_OID = [0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01];
const DH_OIDS = [
  [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x03, 0x01], // dhKeyAgreement (PKCS#3): p, g
  [0x2a, 0x86, 0x48, 0xce, 0x3e, 0x02, 0x01], // dhpublicnumber (RFC 3279): p, g, q
];
const PBES2_OID = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
const PKCS5_ARC = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05];
const PKCS12_PBE_ARC = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01];
/** Sun's KeyProtector of JKS, and of JCEKS. */
const JKS_OID = [0x2b, 0x06, 0x01, 0x04, 0x01, 0x2a, 0x02, 0x11, 0x01, 0x01];
const JCEKS_OID = [0x2b, 0x06, 0x01, 0x04, 0x01, 0x2a, 0x02, 0x13, 0x01];

export const isOid = (bytes: Uint8Array, element: Element, oid: readonly number[]): boolean =>
  element.tag === TAG.OID && element.end - element.start === oid.length && hasBytes(bytes, element.start, oid);

const integer = (bytes: Uint8Array, element: Element | undefined): bigint | undefined =>
  element && element.tag === TAG.INTEGER && !element.cut ? bigintFromBe(bytes, element.start, element.end) : undefined;

/** The private-key document whose outer SEQUENCE is at `at`. */
export function readPrivateKey(bytes: Uint8Array, at: number, limit = bytes.length): KeyDocument | undefined {
  const outer = readTag(bytes, at, TAG.SEQUENCE, limit);
  if (!outer) return undefined;
  const parts = readContent(bytes, outer);
  return parts && { parts, start: at, end: outer.end };
}

function readContent(bytes: Uint8Array, outer: Element): KeyParts | undefined {
  const elements = readElements(bytes, outer.start, outer.end, 16);
  const [first, second, third] = elements;
  if (!first || !second) return undefined;
  if (first.tag === TAG.SEQUENCE) return readEncrypted(bytes, outer, first, second);
  if (first.tag !== TAG.INTEGER || first.end - first.start !== 1) return undefined;
  const version = bytes[first.start]!;
  if (second.tag === TAG.SEQUENCE && version <= 1) {
    return third && readPkcs8(bytes, second, third, elements[elements.length - 1]!, outer.cut);
  }
  if (second.tag === TAG.OCTET_STRING && version === 1) return readSec1(bytes, outer, !outer.cut);
  if (second.tag !== TAG.INTEGER) return undefined;
  if (elements.length === 6 && version === 0 && !outer.cut) {
    const [p, q, g, y, x] = elements.slice(1).map((element) => integer(bytes, element));
    if (p && q && g && y && x) return { type: 'dsa', numbers: { p, q, g, y, x } };
  }
  const numbers = version <= 1 ? readRsaIntegers(bytes, elements.slice(1)) : undefined;
  return numbers && { type: 'rsa', numbers };
}

/** n, e, d, p, q, dp, dq, qi: as many as are whole; undefined when the private ones are cut off. */
function readRsaIntegers(bytes: Uint8Array, elements: readonly Element[]): RsaNumbers | undefined {
  const [n, e, d, p, q, dp, dq, qi] = elements.map((element) => integer(bytes, element));
  return d === undefined ? undefined : { n, e, d, p, q, dp, dq, qi };
}

function readPkcs8(
  bytes: Uint8Array,
  algorithm: Element,
  privateKey: Element,
  last: Element,
  cut: boolean,
): KeyParts | undefined {
  const [oid, parameters] = readElements(bytes, algorithm.start, algorithm.end, 4);
  if (!oid || privateKey.tag !== TAG.OCTET_STRING) return undefined;
  if (RSA_OIDS.some((known) => isOid(bytes, oid, known))) {
    const inner = readTag(bytes, privateKey.start, TAG.SEQUENCE, privateKey.end);
    const elements = inner ? readElements(bytes, inner.start, inner.end, 16) : [];
    const numbers = readRsaIntegers(bytes, elements.slice(1));
    // A PSS or OAEP key names its public key by that identifier, with its parameters.
    const restricted = !isOid(bytes, oid, RSA_OIDS[0]!) && { algorithm: bytes.subarray(algorithm.at, algorithm.end) };
    return numbers && { type: 'rsa', numbers, ...restricted };
  }
  if (isOid(bytes, oid, EC_OID)) {
    const inner = readTag(bytes, privateKey.start, TAG.SEQUENCE, privateKey.end);
    return inner && readSec1(bytes, inner, !cut, parameters);
  }
  if (isOid(bytes, oid, DSA_OID) && parameters?.tag === TAG.SEQUENCE && !cut) {
    const [p, q, g] = readElements(bytes, parameters.start, parameters.end, 4).map((element) =>
      integer(bytes, element),
    );
    const x = integer(bytes, readElement(bytes, privateKey.start, privateKey.end));
    return p && q && g && x ? { type: 'dsa', numbers: { p, q, g, x } } : undefined;
  }
  if (DH_OIDS.some((known) => isOid(bytes, oid, known)) && parameters?.tag === TAG.SEQUENCE && !cut) {
    const [p, g] = readElements(bytes, parameters.start, parameters.end, 5).map((element) => integer(bytes, element));
    const x = integer(bytes, readElement(bytes, privateKey.start, privateKey.end));
    return p && g && x
      ? { type: 'dh', numbers: { p, g, x }, algorithm: bytes.subarray(algorithm.at, algorithm.end) }
      : undefined;
  }
  const postQuantum = postQuantumByOid(bytes, oid.start, oid.end);
  if (postQuantum) return cut ? undefined : readPostQuantum(bytes, postQuantum, privateKey);
  const okp = OKP_CURVES.find(({ oidLastByte }) => isOid(bytes, oid, [0x2b, 0x65, oidLastByte]));
  const seed = okp && readTag(bytes, privateKey.start, TAG.OCTET_STRING, privateKey.end);
  if (!seed || seed.cut) return undefined;
  // [1] publicKey, a primitive BIT STRING (RFC 8410, 10.3).
  const hasPublic = last.tag === 0x81 && !last.cut && last.end - last.start === okp.size + 1;
  return {
    type: 'okp',
    numbers: {
      curve: okp.name,
      privateKey: bytes.subarray(seed.start, seed.end),
      publicKey: hasPublic ? bytes.subarray(last.start + 1, last.end) : undefined,
      document: !cut,
    },
  };
}

/** SLH-DSA's octets, or a CHOICE of a seed ([0]), the expanded key (OCTET STRING), and both (SEQUENCE). */
function readPostQuantum(
  bytes: Uint8Array,
  { name: algorithm, seed: seedBytes, expanded: expandedBytes }: PostQuantumParameters,
  privateKey: Element,
): KeyParts | undefined {
  const octets = (element: Element | undefined): Uint8Array | undefined =>
    element && !element.cut ? bytes.subarray(element.start, element.end) : undefined;
  if (seedBytes === undefined) {
    return { type: 'post-quantum', numbers: { algorithm, expanded: octets(privateKey) } };
  }
  const choice = readElement(bytes, privateKey.start, privateKey.end);
  if (choice?.tag === 0x80) return { type: 'post-quantum', numbers: { algorithm, seed: octets(choice) } };
  if (choice?.tag === TAG.SEQUENCE) {
    const [seed, expanded] = readElements(bytes, choice.start, choice.end, 3).map(octets);
    return seed && expanded && { type: 'post-quantum', numbers: { algorithm, seed, expanded } };
  }
  const whole = choice?.tag === TAG.OCTET_STRING ? octets(choice) : undefined;
  if (!whole) return undefined;
  // Providers before OpenSSL 3.5 (oqs) put the public key behind it.
  const publicKey = whole.length > expandedBytes ? whole.subarray(expandedBytes) : undefined;
  return { type: 'post-quantum', numbers: { algorithm, expanded: whole.subarray(0, expandedBytes), publicKey } };
}

/** Fewest bytes that a private key may have. */
const MIN_PRIVATE_BYTES = 14;

/** A complete PKCS#8 document of an algorithm that isn't known here, for those who know that a key is there. */
export function readOtherPkcs8(bytes: Uint8Array): KeyParts | undefined {
  const outer = readTag(bytes, 0, TAG.SEQUENCE);
  if (!outer || outer.cut) return undefined;
  const [version, algorithm, octets] = readElements(bytes, outer.start, outer.end, 4);
  if (version?.tag !== TAG.INTEGER || algorithm?.tag !== TAG.SEQUENCE || octets?.tag !== TAG.OCTET_STRING)
    return undefined;
  if (octets.cut || readElement(bytes, algorithm.start, algorithm.end)?.tag !== TAG.OID) return undefined;
  // Wrappers stand in front of what was drawn.
  const privateKey = bytes.subarray(octets.start, octets.end);
  const last = privateKey.subarray(-64);
  return privateKey.length >= MIN_PRIVATE_BYTES && looksRandom(last) ? { type: 'other', privateKey } : undefined;
}

/** ECPrivateKey: version, privateKey, [0] parameters, [1] publicKey. PKCS#8 has the parameters outside. */
function readSec1(bytes: Uint8Array, sequence: Element, document: boolean, outer?: Element): KeyParts | undefined {
  const elements = readElements(bytes, sequence.start, sequence.end, 6);
  const scalar = elements[1];
  if (!scalar || scalar.tag !== TAG.OCTET_STRING || scalar.cut || scalar.end === scalar.start) return undefined;
  let parameters = outer;
  let point: Uint8Array | undefined;
  for (const element of elements.slice(2)) {
    if (element.cut) break;
    if (element.tag === 0xa0) {
      parameters ??= readElement(bytes, element.start, element.end);
    } else if (element.tag === 0xa1) {
      const bits = readTag(bytes, element.start, TAG.BIT_STRING, element.end);
      if (bits && bytes[bits.start] === 0) point = bytes.subarray(bits.start + 1, bits.end);
    }
  }
  const curve = parameters?.tag === TAG.OID ? curveByOid(bytes, parameters.start, parameters.end)?.name : undefined;
  const isOtherCurve = !curve && (parameters?.tag === TAG.OID || parameters?.tag === TAG.SEQUENCE) && !parameters.cut;
  const numbers = { curve, scalar: bytes.subarray(scalar.start, scalar.end), point, document, isOtherCurve };
  return { type: 'ec', numbers };
}

/** SEQUENCE { SEQUENCE { OID, parameters }, OCTET STRING }. */
function readEncrypted(bytes: Uint8Array, outer: Element, algorithm: Element, data: Element): KeyParts | undefined {
  if (data.tag !== TAG.OCTET_STRING || data.cut || outer.cut || data.end - data.start < 24) return undefined;
  const oid = readElement(bytes, algorithm.start, algorithm.end);
  if (!oid) return undefined;
  const protection = protectionOf(bytes, oid);
  const ciphertext = bytes.subarray(data.start, data.end);
  return protection && looksRandom(ciphertext.subarray(0, 64))
    ? { type: 'encrypted', protection, ciphertext, document: bytes.subarray(outer.at, outer.end) }
    : undefined;
}

function protectionOf(bytes: Uint8Array, oid: Element): Protection | undefined {
  if (isOid(bytes, oid, PBES2_OID)) return 'pbes2';
  if (isOid(bytes, oid, JKS_OID)) return 'jks';
  if (isOid(bytes, oid, JCEKS_OID)) return 'jceks';
  const length = oid.end - oid.start;
  if (oid.tag !== TAG.OID) return undefined;
  if (length === PKCS5_ARC.length + 1 && hasBytes(bytes, oid.start, PKCS5_ARC)) return 'pbes1';
  if (length === PKCS12_PBE_ARC.length + 1 && hasBytes(bytes, oid.start, PKCS12_PBE_ARC)) return 'pkcs12-pbe';
  return undefined;
}

/**
 * The tail of an RSA or EC document whose head is cut off: the INTEGERs that end exactly where the bytes end
 * (`… p, q, dp, dq, qi`), or an EC scalar with its public point behind.
 */
export function readPrivateKeyTail(bytes: Uint8Array): KeyDocument | undefined {
  for (let at = 0; at + 60 < bytes.length; at++) {
    if (bytes[at] === TAG.INTEGER) {
      const elements = readElements(bytes, at, bytes.length, 16);
      const whole = elements.at(-1);
      if (elements.length < 3 || whole?.end !== bytes.length || whole.cut) continue;
      if (elements.some(({ tag, cut }) => tag !== TAG.INTEGER || cut)) continue;
      // Counted from the end: qi, dq, dp, q, p, d, e, n.
      const [qi, dq, dp, q, p, d, e, n] = elements.map((element) => integer(bytes, element)).reverse();
      return { parts: { type: 'rsa', numbers: { n, e, d, p, q, dp, dq, qi } }, start: at, end: bytes.length };
    }
    if (bytes[at] === TAG.OCTET_STRING) {
      const elements = readElements(bytes, at, bytes.length, 4);
      const point = elements.find(({ tag }) => tag === 0xa1);
      const bits = point && readTag(bytes, point.start, TAG.BIT_STRING, point.end);
      if (!bits || elements.at(-1)?.end !== bytes.length || elements[0]!.end - elements[0]!.start > 66) continue;
      const scalar = bytes.subarray(elements[0]!.start, elements[0]!.end);
      const numbers = { scalar, point: bytes.subarray(bits.start + 1, bits.end) };
      return { parts: { type: 'ec', numbers }, start: at, end: bytes.length };
    }
  }
  return undefined;
}
