/** Key derivation of PKCS#12 (RFC 7292, B.2), step by step as the RFC has it. */
import { createHash } from 'node:crypto';
import { be, concat } from './text.ts';

/** Block and digest sizes in bits: v and u. */
const SIZES: Readonly<Record<string, readonly [v: number, u: number]>> = {
  sha1: [512, 160],
  sha256: [512, 256],
  sha512: [1024, 512],
};

export function pkcs12Kdf(
  name: string,
  password: Uint8Array,
  salt: Uint8Array,
  id: 1 | 2 | 3,
  iterations: number,
  length: number,
): Uint8Array {
  const sizes = SIZES[name];
  if (!sizes) throw new RangeError(`pkcs12Kdf(${name})`);
  const [v, u] = [sizes[0] / 8, sizes[1] / 8];
  const number = (bytes: Uint8Array): bigint => BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
  const cycle = (bytes: Uint8Array, to: number): Uint8Array =>
    Uint8Array.from({ length: to }, (_, i) => bytes[i % bytes.length]!);
  const blocks = (bytes: Uint8Array): number => Math.ceil(bytes.length / v) * v;

  const D = new Uint8Array(v).fill(id);
  let I = concat(cycle(salt, blocks(salt)), cycle(password, blocks(password)));
  const A: Uint8Array[] = [];
  for (let i = 0; i < Math.ceil(length / u); i++) {
    let hash: Uint8Array = concat(D, I);
    for (let round = 0; round < iterations; round++) hash = createHash(name).update(hash).digest();
    A.push(hash);
    const B = number(cycle(hash, v));
    const next: Uint8Array[] = [];
    for (let at = 0; at < I.length; at += v) {
      next.push(be((number(I.subarray(at, at + v)) + B + 1n) % (1n << BigInt(8 * v)), v));
    }
    I = concat(...next);
  }
  return concat(...A).slice(0, length);
}
