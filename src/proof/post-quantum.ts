/**
 * Keys of ML-DSA (FIPS 204, RFC 9881), ML-KEM (FIPS 203, draft-ietf-lamps-kyber-certificates) and SLH-DSA (FIPS 205, RFC 9909): sizes and
 * identifiers, and the one way from a private key to its public half.
 */
import { looksRandom } from '../bytes/entropy.ts';
import type { Algorithm } from '../model/finding.ts';
import { equalBytes } from './hash.ts';
import { ML_DSA_SIZES, type MlDsaSet, mlDsaPublicKey, mlDsaPublicKeyOfExpanded } from './ml-dsa.ts';
import { ML_KEM_SIZES, type MlKemSet, mlKemPublicKey, mlKemPublicKeyOfExpanded } from './ml-kem.ts';
import type { ProvenKey } from './proven-key.ts';
import { octetsPublicIds } from './public-key.ts';

export type PostQuantum = Extract<Algorithm, `${'ML' | 'SLH'}-${string}`>;

export interface PostQuantumParameters {
  readonly name: PostQuantum;
  /** Last two numbers of the object identifiers 2.16.840.1.101.3.4.x.y: the first is the key's, a second that of signatures of hashes. */
  readonly oids: readonly (readonly [number, number])[];
  /** In bytes; SLH-DSA has none. */
  readonly seed?: number;
  readonly expanded: number;
}

const ML_DSA = (Object.keys(ML_DSA_SIZES) as MlDsaSet[]).map((name, i): PostQuantumParameters => {
  const { seed, expanded } = ML_DSA_SIZES[name];
  return { name, oids: [17, 32].map((first) => [3, first + i] as const), seed, expanded };
});
const ML_KEM = (Object.keys(ML_KEM_SIZES) as MlKemSet[]).map((name, i): PostQuantumParameters => {
  const { seed, expanded } = ML_KEM_SIZES[name];
  return { name, oids: [[4, 1 + i]], seed, expanded };
});
/** Four values of n bytes each (FIPS 205, 9.1). */
const SLH_DSA = ['SHA2', 'SHAKE'].flatMap((hash, i) =>
  (['128s', '128f', '192s', '192f', '256s', '256f'] as const).map((size, j): PostQuantumParameters => {
    const oids = [20, 35].map((first) => [3, first + 6 * i + j] as const);
    return { name: `SLH-DSA-${hash as 'SHA2' | 'SHAKE'}-${size}`, oids, expanded: Number.parseInt(size, 10) / 2 };
  }),
);
const ALL = [...ML_DSA, ...ML_KEM, ...SLH_DSA];

/** 2.16.840.1.101.3.4: NIST's algorithms. */
const NIST_ARC = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04];

/** Those whose identifier's content is `bytes[start, end)`. */
export function postQuantumByOid(bytes: Uint8Array, start: number, end: number): PostQuantumParameters | undefined {
  if (end - start !== NIST_ARC.length + 2 || NIST_ARC.some((byte, i) => bytes[start + i] !== byte)) return undefined;
  return ALL.find(({ oids }) => oids.some(([x, y]) => bytes[end - 2] === x && bytes[end - 1] === y));
}

/** By the name that JOSE and we have for it. */
export function postQuantumByName(name: string): PostQuantumParameters | undefined {
  return ALL.find((known) => known.name === name);
}

export interface PostQuantumNumbers {
  readonly algorithm: PostQuantum;
  /** 32 bytes of ML-DSA (ξ), 64 of ML-KEM (d‖z). */
  readonly seed?: Uint8Array | undefined;
  /** What FIPS 203 to 205 call the private key: that of SLH-DSA ends with the public key. */
  readonly expanded?: Uint8Array | undefined;
  /** Known from elsewhere. */
  readonly publicKey?: Uint8Array | undefined;
}

/** Out of a complete document. Nothing when the parts contradict each other, or look like no key. */
export function provePostQuantum({ algorithm, seed, expanded, publicKey }: PostQuantumNumbers): ProvenKey | undefined {
  const parameters = ALL.find(({ name }) => name === algorithm)!;
  if (seed && (seed.length !== parameters.seed || !looksRandom(seed))) return undefined;
  if (expanded && (expanded.length !== parameters.expanded || !looksRandom(expanded, 0, 64))) return undefined;
  const secret = seed ?? expanded;
  const publicKeys = [
    ...(publicKey ? [publicKey] : []),
    ...(expanded ? [publicKeyOfExpanded(algorithm, expanded)] : []),
    ...(seed ? [publicKeyOfSeed(algorithm, seed)] : []),
  ];
  const derived = publicKeys.at(-1);
  if (!secret || !derived || publicKeys.some((other) => !other || !equalBytes(other, derived))) return undefined;
  // Expanded keys of the lattices hold what only their own public key agrees with; of SLH-DSA nothing was computed.
  const isComputed = publicKeys.length > 1 || (!seed && parameters.seed !== undefined);
  return {
    verdict: 'proven',
    secret: secret.slice(),
    traits: {
      algorithm,
      proof: isComputed ? 'd*G=Q' : 'document',
      ...octetsPublicIds(Uint8Array.from([...NIST_ARC, ...parameters.oids[0]!]), derived),
    },
  };
}

function publicKeyOfSeed(algorithm: PostQuantum, seed: Uint8Array): Uint8Array {
  return algorithm.startsWith('ML-DSA')
    ? mlDsaPublicKey(algorithm as MlDsaSet, seed)
    : mlKemPublicKey(algorithm as MlKemSet, seed);
}

function publicKeyOfExpanded(algorithm: PostQuantum, expanded: Uint8Array): Uint8Array | undefined {
  if (algorithm.startsWith('ML-DSA')) return mlDsaPublicKeyOfExpanded(algorithm as MlDsaSet, expanded);
  if (algorithm.startsWith('ML-KEM')) return mlKemPublicKeyOfExpanded(algorithm as MlKemSet, expanded);
  // FIPS 205, 9.1: SK.seed, SK.prf, PK.seed, PK.root.
  return expanded.subarray(expanded.length / 2);
}
