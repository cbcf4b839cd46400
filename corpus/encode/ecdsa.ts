/** ECDSA (SEC 1, 4.1.3) with a nonce of one's choice, which no library offers. The points are OpenSSL's. */
import { createECDH } from 'node:crypto';

/** Orders of the base points (SEC 2). */
export const ORDERS = {
  'P-256': BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
  'P-384': BigInt('0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973'),
  'P-521': 2n ** 521n - BigInt('0x5ae79787c40d069948033feb708f65a2fc44a36477663b851449048e16ec79bf7'),
  secp256k1: 2n ** 256n - BigInt('0x14551231950b75fc4402da1732fc9bebf'),
} as const;
export type SigningCurve = keyof typeof ORDERS;

const OPENSSL: Readonly<Record<SigningCurve, string>> = {
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
  secp256k1: 'secp256k1',
};
const BYTES: Readonly<Record<SigningCurve, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66, secp256k1: 32 };

export function multiplyPoint(curve: SigningCurve, scalar: bigint): { x: bigint; y: bigint } {
  const size = BYTES[curve];
  const ecdh = createECDH(OPENSSL[curve]);
  ecdh.setPrivateKey(Buffer.from(scalar.toString(16).padStart(size * 2, '0'), 'hex'));
  const point = ecdh.getPublicKey('hex', 'uncompressed').slice(2);
  return { x: BigInt(`0x${point.slice(0, size * 2)}`), y: BigInt(`0x${point.slice(size * 2)}`) };
}

/** d·R modulo the order, R a power of 2^64: a scalar as ring and RustCrypto hold it. Undefined on other curves. */
export function montgomeryScalar(curve: string, d: Uint8Array): bigint | undefined {
  if (!(curve in ORDERS)) return undefined;
  return (numberOf(d) << BigInt(Math.ceil(d.length / 8) * 64)) % ORDERS[curve as SigningCurve];
}

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);

export function signWith(curve: SigningCurve, d: Uint8Array, k: bigint, digest: Uint8Array): { r: bigint; s: bigint } {
  const order = ORDERS[curve];
  const surplus = Math.max(0, digest.length * 8 - order.toString(2).length);
  const e = numberOf(digest) >> BigInt(surplus);
  const r = multiplyPoint(curve, k).x % order;
  return { r, s: (inverse(k, order) * (e + r * numberOf(d))) % order };
}

/** By Fermat: the order is prime. */
function inverse(value: bigint, order: bigint): bigint {
  let result = 1n;
  for (let [power, rest] = [value % order, order - 2n]; rest > 0n; rest >>= 1n, power = (power * power) % order) {
    if (rest & 1n) result = (result * power) % order;
  }
  return result;
}
