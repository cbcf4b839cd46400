/** ECDSA (SEC 1, 4.1.3) with a nonce of one's choice, which no library offers. The points are OpenSSL's. */
import { createECDH } from 'node:crypto';
import { ecCurve } from '../keys.ts';

/** Orders of the base points (SEC 2; RFC 5639, 3; GB/T 32918.5). */
export const ORDERS = {
  'P-256': BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
  'P-384': BigInt('0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973'),
  'P-521': 2n ** 521n - BigInt('0x5ae79787c40d069948033feb708f65a2fc44a36477663b851449048e16ec79bf7'),
  secp256k1: 2n ** 256n - BigInt('0x14551231950b75fc4402da1732fc9bebf'),
  brainpoolP256r1: BigInt('0xa9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7'),
  brainpoolP384r1: BigInt(
    '0x8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565',
  ),
  brainpoolP512r1: BigInt(
    '0xaadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069',
  ),
  SM2: BigInt('0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123'),
} as const;
export type SigningCurve = keyof typeof ORDERS;

export function multiplyPoint(curve: SigningCurve, scalar: bigint): { x: bigint; y: bigint } {
  const { openssl, bits } = ecCurve(curve);
  const size = Math.ceil(bits / 8);
  const ecdh = createECDH(openssl);
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
