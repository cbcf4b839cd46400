/** DSA and finite-field Diffie-Hellman: y = g^x mod p (FIPS 186-4, 4.1; RFC 2631). */
import { looksRandom } from '../bytes/entropy.ts';
import { bigintToBe, bitLength } from '../bytes/limbs.ts';
import { isProbablePrime, modPow } from './modular.ts';
import type { ProvenKey } from './proven-key.ts';
import { dhPublicIds, dsaPublicIds } from './public-key.ts';

/** Shorter groups are toys; a power in longer ones takes longer than a gate may wait. */
const MIN_BITS = 512;
const MAX_BITS = 8192;

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
  if (bits < MIN_BITS || bits > MAX_BITS || bitLength(q) < 128 || x <= 1n || x >= q || g <= 1n || g >= p) {
    return undefined;
  }
  // The parameters prove themselves: q divides p-1, and g generates the subgroup of order q.
  if ((p - 1n) % q !== 0n || modPow(g, q, p) !== 1n) return undefined;
  const computed = modPow(g, x, p);
  if (y !== undefined && y !== computed) return undefined;
  const secret = bigintToBe(x);
  if (y === undefined && !looksRandom(secret)) return undefined;
  return {
    verdict: 'proven',
    secret,
    traits: {
      algorithm: 'DSA',
      bits,
      proof: y === undefined ? 'document' : 'd*G=Q',
      ...dsaPublicIds(p, q, g, computed),
    },
  };
}

export interface DhNumbers {
  readonly p: bigint;
  readonly g: bigint;
  readonly x: bigint;
}

/** No format stores y beside x, so the document around is the proof. */
export function proveDh({ p, g, x }: DhNumbers, algorithm: Uint8Array): ProvenKey | undefined {
  const bits = bitLength(p);
  if (bits < MIN_BITS || bits > MAX_BITS || g <= 1n || g >= p || x <= 1n || x >= p) return undefined;
  const secret = bigintToBe(x);
  if (!looksRandom(secret) || !isProbablePrime(p, 1)) return undefined;
  return {
    verdict: 'proven',
    secret,
    traits: { algorithm: 'DH', bits, proof: 'document', ...dhPublicIds(algorithm, modPow(g, x, p)) },
  };
}
