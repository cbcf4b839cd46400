/** Names of a public key: SHA-256 of its SubjectPublicKeyInfo, JWK thumbprint (RFC 7638), SSH fingerprint (RFC 4253). */

import { encodeElement, encodeInteger, TAG } from '../bytes/der.ts';
import { bigintToBe } from '../bytes/limbs.ts';
import { toBase64, toBase64url, toHex } from '../bytes/public-text.ts';
import { concat, latin1 } from '../bytes/reader.ts';
import type { PublicValue } from '../model/detector.ts';
import type { Curve, Traits } from '../model/finding.ts';
import { CURVE_BY_NAME, type OkpCurve } from './curves.ts';
import { sha256 } from './hash.ts';

export type PublicIds = Pick<Traits, 'publicKeySha256' | 'jwkThumbprint' | 'sshFingerprint'> & PublicValue;

const RSA_OID = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01);
const EC_OID = Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01);
const DSA_OID = Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01);
const NULL = Uint8Array.of(0x05, 0x00);

const oid = (bytes: Uint8Array): Uint8Array => encodeElement(TAG.OID, bytes);
const algorithmId = (...parts: readonly Uint8Array[]): Uint8Array => encodeElement(TAG.SEQUENCE, ...parts);

/** @param algorithm the whole AlgorithmIdentifier element */
function spkiSha256(algorithm: Uint8Array, publicKey: Uint8Array): string {
  const bits = encodeElement(TAG.BIT_STRING, Uint8Array.of(0), publicKey);
  return toHex(sha256(encodeElement(TAG.SEQUENCE, algorithm, bits)));
}

/** RFC 7638, 3: required members in lexicographic order, no white space. */
const thumbprint = (members: Record<string, string>): string =>
  toBase64url(
    sha256(latin1(JSON.stringify(Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)))))),
  );

/** RFC 4251 `string`s: u32 length and bytes. */
function sshFingerprint(...fields: readonly Uint8Array[]): string {
  const parts = fields.flatMap((field) => {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, field.length);
    return [length, field];
  });
  return `SHA256:${toBase64(sha256(concat(...parts)))}`;
}

/** RFC 4251 `mpint`: big-endian, a zero byte in front when the top bit is set. */
function mpint(value: bigint): Uint8Array {
  const be = bigintToBe(value);
  return be.length > 0 && be[0]! >= 0x80 ? concat(Uint8Array.of(0), be) : be;
}

/** @param value big-endian */
function publicValue(value: Uint8Array): PublicValue {
  let start = 0;
  while (start < value.length && value[start] === 0) start++;
  return { publicValueSha256: toHex(sha256(value.subarray(start))) };
}

/** @param algorithm AlgorithmIdentifier of a key that is not for `rsaEncryption` */
export function rsaPublicIds(n: bigint, e: bigint, algorithm = algorithmId(oid(RSA_OID), NULL)): PublicIds {
  const modulus = bigintToBe(n);
  const exponent = bigintToBe(e);
  const key = encodeElement(TAG.SEQUENCE, encodeInteger(modulus), encodeInteger(exponent));
  return {
    publicKeySha256: spkiSha256(algorithm, key),
    jwkThumbprint: thumbprint({ kty: 'RSA', n: toBase64url(modulus), e: toBase64url(exponent) }),
    sshFingerprint: sshFingerprint(latin1('ssh-rsa'), mpint(e), mpint(n)),
    ...publicValue(modulus),
  };
}

/** @param point uncompressed SEC1 point `04‖X‖Y` */
export function ecPublicIds(curve: Curve, point: Uint8Array): PublicIds {
  const parameters = CURVE_BY_NAME.get(curve);
  if (!parameters) return {};
  const size = (point.length - 1) / 2;
  const ids: PublicIds = {
    publicKeySha256: spkiSha256(algorithmId(oid(EC_OID), oid(parameters.oid)), point),
    ...publicValue(point.subarray(1, 1 + size)),
  };
  // JWK registers four curves (RFC 7518, 8812), SSH three (RFC 5656).
  const jwk = ['P-256', 'P-384', 'P-521', 'secp256k1'].includes(curve)
    ? thumbprint({
        kty: 'EC',
        crv: curve,
        x: toBase64url(point.subarray(1, 1 + size)),
        y: toBase64url(point.subarray(1 + size)),
      })
    : undefined;
  const nist = { 'P-256': 'nistp256', 'P-384': 'nistp384', 'P-521': 'nistp521' }[curve as string];
  const ssh = nist && sshFingerprint(latin1(`ecdsa-sha2-${nist}`), latin1(nist), point);
  return { ...ids, ...(jwk && { jwkThumbprint: jwk }), ...(ssh && { sshFingerprint: ssh }) };
}

export function okpPublicIds(curve: OkpCurve, publicKey: Uint8Array, oidLastByte: number): PublicIds {
  const ids: PublicIds = {
    publicKeySha256: spkiSha256(algorithmId(oid(Uint8Array.of(0x2b, 0x65, oidLastByte))), publicKey),
    jwkThumbprint: thumbprint({ kty: 'OKP', crv: curve, x: toBase64url(publicKey) }),
    ...publicValue(publicKey),
  };
  const name = { Ed25519: 'ssh-ed25519', Ed448: 'ssh-ed448', X25519: undefined, X448: undefined }[curve];
  return name ? { ...ids, sshFingerprint: sshFingerprint(latin1(name), publicKey) } : ids;
}

/** Of a public key that is octets. @param identifier content of the OBJECT IDENTIFIER, without parameters */
export function octetsPublicIds(identifier: Uint8Array, publicKey: Uint8Array): PublicIds {
  return { publicKeySha256: spkiSha256(algorithmId(oid(identifier)), publicKey), ...publicValue(publicKey) };
}

export function dsaPublicIds(p: bigint, q: bigint, g: bigint, y: bigint): PublicIds {
  const parameters = encodeElement(TAG.SEQUENCE, ...[p, q, g].map((value) => encodeInteger(bigintToBe(value))));
  return {
    publicKeySha256: spkiSha256(algorithmId(oid(DSA_OID), parameters), encodeInteger(bigintToBe(y))),
    sshFingerprint: sshFingerprint(latin1('ssh-dss'), mpint(p), mpint(q), mpint(g), mpint(y)),
    ...publicValue(bigintToBe(y)),
  };
}

/** @param algorithm AlgorithmIdentifier with the group's parameters */
export function dhPublicIds(algorithm: Uint8Array, y: bigint): PublicIds {
  return { publicKeySha256: spkiSha256(algorithm, encodeInteger(bigintToBe(y))), ...publicValue(bigintToBe(y)) };
}
