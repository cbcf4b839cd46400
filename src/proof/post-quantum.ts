/**
 * Keys of ML-DSA (FIPS 204, RFC 9881), ML-KEM (FIPS 203, draft-ietf-lamps-kyber-certificates) and SLH-DSA (FIPS 205, RFC 9909): sizes and
 * identifiers, and the one way from a private key to its public half.
 */
import { looksRandom } from '../bytes/entropy.ts';
import type { Algorithm } from '../model/finding.ts';
import { equalBytes } from './hash.ts';
import { type MlDsaSet, mlDsaPublicKey, mlDsaPublicKeyOfExpanded } from './ml-dsa.ts';
import { type MlKemSet, mlKemPublicKey, mlKemPublicKeyOfExpanded } from './ml-kem.ts';
import type { ProvenKey } from './proven-key.ts';
import { octetsPublicIds } from './public-key.ts';

export type PostQuantum = Extract<Algorithm, `${'ML' | 'SLH'}-${string}`>;

export interface PostQuantumParameters {
  readonly name: PostQuantum;
  /** Last two numbers of the object identifiers 2.16.840.1.101.3.4.x.y; for SLH-DSA and ML-DSA that of hashed messages as well. */
  readonly oids: readonly (readonly [number, number])[];
  /** In bytes; SLH-DSA has none of its own. */
  readonly seed?: number;
  readonly expanded: number;
  readonly publicKey: number;
}

const SLH_DSA = ['SHA2', 'SHAKE'].flatMap((hash) =>
  ['128s', '128f', '192s', '192f', '256s', '256f'].map((size) => `SLH-DSA-${hash}-${size}` as PostQuantum),
);

const POST_QUANTUM: readonly PostQuantumParameters[] = [
  { name: 'ML-DSA-44', oids: [[3, 17], [3, 32]], seed: 32, expanded: 2560, publicKey: 1312 },
  { name: 'ML-DSA-65', oids: [[3, 18], [3, 33]], seed: 32, expanded: 4032, publicKey: 1952 },
  { name: 'ML-DSA-87', oids: [[3, 19], [3, 34]], seed: 32, expanded: 4896, publicKey: 2592 },
  { name: 'ML-KEM-512', oids: [[4, 1]], seed: 64, expanded: 1632, publicKey: 800 },
  { name: 'ML-KEM-768', oids: [[4, 2]], seed: 64, expanded: 2400, publicKey: 1184 },
  { name: 'ML-KEM-1024', oids: [[4, 3]], seed: 64, expanded: 3168, publicKey: 1568 },
  ...SLH_DSA.map((name, i): PostQuantumParameters => {
    const n = Number(/-(\d+)[sf]$/.exec(name)![1]) / 8;
    return { name, oids: [[3, 20 + i], [3, 35 + i]], expanded: 4 * n, publicKey: 2 * n };
  }),
];

/** 2.16.840.1.101.3.4: NIST's algorithms. */
const NIST_ARC = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04];

/** Those whose identifier's content is `bytes[start, end)`. */
export function postQuantumByOid(bytes: Uint8Array, start: number, end: number): PostQuantumParameters | undefined {
  if (end - start !== NIST_ARC.length + 2 || NIST_ARC.some((byte, i) => bytes[start + i] !== byte)) return undefined;
  return POST_QUANTUM.find(({ oids }) => oids.some(([x, y]) => bytes[end - 2] === x && bytes[end - 1] === y));
}

/** By the name that JOSE and we have for it. */
export function postQuantumByName(name: string): PostQuantum | undefined {
  return POST_QUANTUM.find((known) => known.name === name)?.name;
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
  const parameters = POST_QUANTUM.find(({ name }) => name === algorithm)!;
  if (seed && (seed.length !== parameters.seed || !looksRandom(seed))) return undefined;
  if (expanded && (expanded.length !== parameters.expanded || !looksRandom(expanded, 0, 64))) return undefined;
  const secret = seed ?? expanded;
  const derived = seed ? publicKeyOfSeed(algorithm, seed) : expanded && publicKeyOfExpanded(algorithm, expanded);
  if (!secret || !derived) return undefined;
  const others = [publicKey, seed && expanded && publicKeyOfExpanded(algorithm, expanded)];
  if (seed && expanded && !others[1]) return undefined;
  if (others.some((other) => other && !equalBytes(other, derived))) return undefined;
  // The expanded keys of the two lattices hold what only their own public key agrees with; of SLH-DSA nothing was computed.
  const isComputed = others.some((other) => other) || (!seed && parameters.seed !== undefined);
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
