/** DSA and finite-field Diffie-Hellman: y = g^x mod p (FIPS 186-4, 4.1). */
import { bigintToBe, bitLength } from '../bytes/limbs.ts';
import { modPow } from './modular.ts';
import type { ProvenKey } from './proven-key.ts';
import { dsaPublicIds } from './public-key.ts';

export interface DsaNumbers {
  readonly p: bigint;
  readonly q: bigint;
  readonly g: bigint;
  /** Undefined in PKCS#8, which stores x alone. */
  readonly y?: bigint | undefined;
  readonly x: bigint;
}

export function proveDsa({ p, q, g, y, x }: DsaNumbers): ProvenKey | undefined {
  const bits = bitLength(p);
  if (bits < 512 || bits > 8192 || bitLength(q) < 128 || x <= 1n || x >= q || g <= 1n || g >= p) return undefined;
  // The parameters prove themselves: q divides p-1, and g generates the subgroup of order q.
  if ((p - 1n) % q !== 0n || modPow(g, q, p) !== 1n) return undefined;
  const computed = modPow(g, x, p);
  if (y !== undefined && y !== computed) return undefined;
  return {
    verdict: 'proven',
    secret: bigintToBe(x),
    traits: {
      algorithm: 'DSA',
      bits,
      proof: y === undefined ? 'document' : 'd*G=Q',
      ...dsaPublicIds(p, q, g, computed),
    },
  };
}
