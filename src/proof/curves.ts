/** The curves that private keys are found on: names, object identifiers, sizes. */
import { createECDH } from 'node:crypto';
import type { Curve } from '../model/finding.ts';

export interface CurveParameters {
  readonly name: Curve;
  /** Content of the OBJECT IDENTIFIER (RFC 5480, RFC 5639, SEC 2). */
  readonly oid: Uint8Array;
  /** OpenSSL's name. */
  readonly openssl: string;
  readonly bits: number;
  /** Bytes of a coordinate and of a scalar. */
  readonly size: number;
}

const ansi = (last: number): number[] => [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, last];
const certicom = (last: number): number[] => [0x2b, 0x81, 0x04, 0x00, last];
const brainpool = (last: number): number[] => [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, last];

const curve = (name: Curve, openssl: string, bits: number, oid: number[]): CurveParameters => ({
  name,
  openssl,
  bits,
  size: Math.ceil(bits / 8),
  oid: Uint8Array.from(oid),
});

export const EC_CURVES: readonly CurveParameters[] = [
  curve('P-256', 'prime256v1', 256, ansi(7)),
  curve('P-384', 'secp384r1', 384, certicom(34)),
  curve('P-521', 'secp521r1', 521, certicom(35)),
  curve('secp256k1', 'secp256k1', 256, certicom(10)),
  curve('P-224', 'secp224r1', 224, certicom(33)),
  curve('P-192', 'prime192v1', 192, ansi(1)),
  curve('brainpoolP256r1', 'brainpoolP256r1', 256, brainpool(7)),
  curve('brainpoolP384r1', 'brainpoolP384r1', 384, brainpool(11)),
  curve('brainpoolP512r1', 'brainpoolP512r1', 512, brainpool(13)),
];

export const CURVE_BY_NAME: ReadonlyMap<Curve, CurveParameters> = new Map(EC_CURVES.map((c) => [c.name, c]));

/** The curve whose identifier's content is `bytes[start, end)`. */
export function curveByOid(bytes: Uint8Array, start: number, end: number): CurveParameters | undefined {
  return EC_CURVES.find(({ oid }) => oid.length === end - start && oid.every((byte, i) => byte === bytes[start + i]));
}

/** Public point `04‖X‖Y` of a big-endian scalar; undefined when the scalar is not in [1, n-1] or OpenSSL lacks the curve. */
export function ecPublicPoint(parameters: CurveParameters, scalar: Uint8Array): Uint8Array | undefined {
  try {
    const ecdh = createECDH(parameters.openssl);
    ecdh.setPrivateKey(scalar);
    return new Uint8Array(ecdh.getPublicKey());
  } catch {
    return undefined;
  }
}

export type OkpCurve = 'Ed25519' | 'Ed448' | 'X25519' | 'X448';

export interface OkpParameters {
  readonly name: OkpCurve;
  /** Last byte of the object identifier 1.3.101.x (RFC 8410). */
  readonly oidLastByte: number;
  /** Bytes of the private and of the public key. */
  readonly size: number;
  readonly bits: number;
}

export const OKP_CURVES: readonly OkpParameters[] = [
  { name: 'X25519', oidLastByte: 0x6e, size: 32, bits: 256 },
  { name: 'X448', oidLastByte: 0x6f, size: 56, bits: 448 },
  { name: 'Ed25519', oidLastByte: 0x70, size: 32, bits: 256 },
  { name: 'Ed448', oidLastByte: 0x71, size: 57, bits: 456 },
];
