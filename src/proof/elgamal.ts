/** ElGamal encryption keys of OpenPGP (RFC 9580, 5.5.5.4): y = g^x mod p, without the order of a subgroup. */
import { bigintToBe, bitLength } from '../bytes/limbs.ts';
import { modPow } from './modular.ts';
import type { ProvenKey } from './proven-key.ts';

export interface ElGamalNumbers {
  readonly p: bigint;
  readonly g: bigint;
  readonly y: bigint;
  readonly x: bigint;
}

const MIN_BITS = 512;
/** Above this, one power takes longer than a gate may wait. */
const MAX_BITS = 8192;
/** An exponent shorter than that fits by chance, or is a toy. */
const MIN_EXPONENT_BITS = 100;

export function proveElGamal({ p, g, y, x }: ElGamalNumbers): ProvenKey | undefined {
  const bits = bitLength(p);
  if (bits < MIN_BITS || bits > MAX_BITS || (p & 1n) === 0n) return undefined;
  if (g <= 1n || g >= p - 1n || x >= p || bitLength(x) < MIN_EXPONENT_BITS || modPow(g, x, p) !== y) return undefined;
  return { verdict: 'proven', secret: bigintToBe(x), traits: { algorithm: 'ElGamal', bits, proof: 'd*G=Q' } };
}
