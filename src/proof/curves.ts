/** The curves that private keys are found on: names, object identifiers, sizes. */
import { createECDH, getCurves } from 'node:crypto';
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
/** One that OpenSSL calls as we do. */
const same = (name: Curve, bits: number, oid: number[]): CurveParameters => curve(name, name, bits, oid);

export const EC_CURVES: readonly CurveParameters[] = [
  curve('P-256', 'prime256v1', 256, ansi(7)),
  curve('P-384', 'secp384r1', 384, certicom(34)),
  curve('P-521', 'secp521r1', 521, certicom(35)),
  same('secp256k1', 256, certicom(10)),
  curve('P-224', 'secp224r1', 224, certicom(33)),
  curve('P-192', 'prime192v1', 192, ansi(1)),
  same('brainpoolP256r1', 256, brainpool(7)),
  same('brainpoolP384r1', 384, brainpool(11)),
  same('brainpoolP512r1', 512, brainpool(13)),
  same('SM2', 256, [0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d]),
  same('brainpoolP160r1', 160, brainpool(1)),
  same('brainpoolP160t1', 160, brainpool(2)),
  same('brainpoolP192r1', 192, brainpool(3)),
  same('brainpoolP192t1', 192, brainpool(4)),
  same('brainpoolP224r1', 224, brainpool(5)),
  same('brainpoolP224t1', 224, brainpool(6)),
  same('brainpoolP256t1', 256, brainpool(8)),
  same('brainpoolP320r1', 320, brainpool(9)),
  same('brainpoolP320t1', 320, brainpool(10)),
  same('brainpoolP384t1', 384, brainpool(12)),
  same('brainpoolP512t1', 512, brainpool(14)),
  same('secp160k1', 160, certicom(9)),
  same('secp160r1', 160, certicom(8)),
  same('secp160r2', 160, certicom(30)),
  same('secp192k1', 192, certicom(31)),
  same('secp224k1', 224, certicom(32)),
  same('prime192v2', 192, ansi(2)),
  same('prime192v3', 192, ansi(3)),
  same('prime239v1', 239, ansi(4)),
  same('prime239v2', 239, ansi(5)),
  same('prime239v3', 239, ansi(6)),
  same('sect163k1', 163, certicom(1)),
  same('sect163r1', 163, certicom(2)),
  same('sect163r2', 163, certicom(15)),
  same('sect193r1', 193, certicom(24)),
  same('sect193r2', 193, certicom(25)),
  same('sect233k1', 233, certicom(26)),
  same('sect233r1', 233, certicom(27)),
  same('sect239k1', 239, certicom(3)),
  same('sect283k1', 283, certicom(16)),
  same('sect283r1', 283, certicom(17)),
  same('sect409k1', 409, certicom(36)),
  same('sect409r1', 409, certicom(37)),
  same('sect571k1', 571, certicom(38)),
  same('sect571r1', 571, certicom(39)),
];

export const CURVE_BY_NAME: ReadonlyMap<Curve, CurveParameters> = new Map(EC_CURVES.map((c) => [c.name, c]));

/** The curve whose identifier's content is `bytes[start, end)`. */
export function curveByOid(bytes: Uint8Array, start: number, end: number): CurveParameters | undefined {
  return EC_CURVES.find(({ oid }) => oid.length === end - start && oid.every((byte, i) => byte === bytes[start + i]));
}

/** Whether this Node's OpenSSL has it: distributions leave some out. */
export function hasCurve({ openssl }: CurveParameters): boolean {
  return getCurves().includes(openssl);
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
