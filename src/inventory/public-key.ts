/** A public key as it was read from a file, on its way into the inventory. Everything here is public: strings are fine. */

import { ECDH } from 'node:crypto';
import { type Element, readElement, readElements, readTag, TAG } from '../bytes/der.ts';
import { bigintToBe } from '../bytes/limbs.ts';
import { toBase64url } from '../bytes/public-text.ts';
import type { Curve } from '../model/finding.ts';
import type { InventoryEntry, PublicKeyNumbers } from '../model/inventory.ts';
import { CURVE_BY_NAME, curveByOid, OKP_CURVES, type OkpCurve } from '../proof/curves.ts';
import { sha256 } from '../proof/hash.ts';
import { publicIdsOf } from '../proof/public-inventory.ts';

/** An entry whose label isn't chosen yet; `name` is what its file calls it. */
export type PublicKey = Omit<InventoryEntry, 'label'> & { readonly name?: string };

/** The key's numbers and its digest. */
type KeyMaterial = Pick<PublicKey, 'publicKeySha256' | 'key'>;

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function material(key: PublicKeyNumbers): KeyMaterial {
  return { publicKeySha256: publicIdsOf(key).publicKeySha256!, key };
}

/** RSA moduli that can be proven; others are matched by their digest only. */
const MIN_MODULUS_BITS = 512;
const MAX_MODULUS_BITS = 16_384;

/** Undefined when the numbers are no RSA public key. */
export function rsaKey(n: bigint, e: bigint): KeyMaterial | undefined {
  const modulus = bigintToBe(n);
  const bits = modulus.length * 8;
  if ((n & 1n) === 0n || (e & 1n) === 0n || e < 3n || e >= n) return undefined;
  if (bits < MIN_MODULUS_BITS || bits > MAX_MODULUS_BITS) return undefined;
  return material({ kty: 'RSA', n: toBase64url(modulus), e: toBase64url(bigintToBe(e)) });
}

/** `point` is compressed or not. Undefined when it isn't on the curve. */
export function ecKey(curve: Curve, point: Uint8Array): KeyMaterial | undefined {
  const parameters = CURVE_BY_NAME.get(curve);
  if (!parameters) return undefined;
  let full: Uint8Array;
  try {
    full = ECDH.convertKey(point, parameters.openssl, undefined, undefined, 'uncompressed') as Buffer;
  } catch {
    return undefined;
  }
  const { size } = parameters;
  const [x, y] = [full.subarray(1, 1 + size), full.subarray(1 + size)].map(toBase64url);
  return material({ kty: 'EC', crv: curve, x: x!, y: y! });
}

export function okpKey(curve: OkpCurve, publicKey: Uint8Array): KeyMaterial | undefined {
  const size = OKP_CURVES.find(({ name }) => name === curve)?.size;
  return publicKey.length === size ? material({ kty: 'OKP', crv: curve, x: toBase64url(publicKey) }) : undefined;
}

const RSA_OIDS = ['2a864886f70d010101', '2a864886f70d010107', '2a864886f70d01010a'];
const EC_OID = '2a8648ce3d0201';
const OKP_OID = /^2b65(6e|6f|70|71)$/;

/** The two elements of a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7): algorithm and bits. */
export function spkiParts(
  der: Uint8Array,
  at: number,
): { readonly all: Element; readonly parts: Element[] } | undefined {
  const all = readTag(der, at, TAG.SEQUENCE);
  const parts = all && !all.cut ? readElements(der, all.start, all.end, 3) : [];
  return all && parts.length === 2 && parts[0]!.tag === TAG.SEQUENCE && parts[1]!.tag === TAG.BIT_STRING
    ? { all, parts }
    : undefined;
}

/**
 * The SubjectPublicKeyInfo at `at`. Its digest is that of these very bytes. Keys of other algorithms, and on curves
 * without a name, have no numbers. Undefined when it is none.
 */
export function readSpki(der: Uint8Array, at = 0): KeyMaterial | undefined {
  const spki = spkiParts(der, at);
  if (!spki) return undefined;
  const [algorithm, bits] = spki.parts as [Element, Element];
  const oid = readTag(der, algorithm.start, TAG.OID, algorithm.end);
  if (!oid) return undefined;
  const parameters = readElement(der, oid.end, algorithm.end);
  const found = readNumbers(der, hexOf(der.subarray(oid.start, oid.end)), parameters, bits);
  return { publicKeySha256: hexOf(sha256(der.subarray(at, spki.all.end))), ...(found?.key && { key: found.key }) };
}

function readNumbers(
  der: Uint8Array,
  oid: string,
  parameters: Element | undefined,
  bits: Element,
): KeyMaterial | undefined {
  // The first byte counts unused bits: none, in all these keys.
  const octets = der.subarray(bits.start + 1, bits.end);
  if (RSA_OIDS.includes(oid)) return readPkcs1PublicKey(octets);
  if (oid === EC_OID && parameters?.tag === TAG.OID) {
    const curve = curveByOid(der, parameters.start, parameters.end);
    return curve && ecKey(curve.name, octets);
  }
  const last = OKP_OID.exec(oid)?.[1];
  const curve = OKP_CURVES.find(({ oidLastByte }) => last !== undefined && oidLastByte === Number.parseInt(last, 16));
  return curve && okpKey(curve.name, octets);
}

/** RSAPublicKey (RFC 8017, A.1.1): modulus and exponent, nothing more. */
export function readPkcs1PublicKey(der: Uint8Array): KeyMaterial | undefined {
  const all = readTag(der, 0, TAG.SEQUENCE);
  const numbers = all && !all.cut ? readElements(der, all.start, all.end, 3) : [];
  if (numbers.length !== 2 || numbers.some(({ tag }) => tag !== TAG.INTEGER)) return undefined;
  const [n, e] = numbers.map(({ start, end }) => BigInt(`0x0${hexOf(der.subarray(start, end))}`));
  return rsaKey(n!, e!);
}
