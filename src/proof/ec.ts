/** Elliptic curves: proves that a scalar belongs to a point, an RFC 8032/7748 private key to its public key. */
import { createPrivateKey, createPublicKey, ECDH } from 'node:crypto';
import { looksRandom } from '../bytes/entropy.ts';
import { toBase64url } from '../bytes/public-text.ts';
import { concat } from '../bytes/reader.ts';
import type { Curve } from '../model/finding.ts';
import {
  CURVE_BY_NAME,
  type CurveParameters,
  EC_CURVES,
  ecPublicPoint,
  hasCurve,
  OKP_CURVES,
  type OkpCurve,
} from './curves.ts';
import { ed25519PublicKeyOf } from './edwards25519.ts';
import { equalBytes } from './hash.ts';
import type { ProvenKey } from './proven-key.ts';
import { ecPublicIds, okpPublicIds } from './public-key.ts';

export interface EcNumbers {
  /** Undefined when the document doesn't say: the curves of that size are tried, which needs the point. */
  readonly curve?: Curve | undefined;
  /** The document names another curve, or gives its parameters: it may be one that none of ours is. */
  readonly isOtherCurve?: boolean;
  /** Big-endian; short of leading zeros or with some more than the field has. */
  readonly scalar: Uint8Array;
  /** Uncompressed `04‖X‖Y`, or compressed `02/03‖X`. */
  readonly point?: Uint8Array | undefined;
  /** Whether the document around is complete; undefined when there is none, and then only a point is a proof. */
  readonly document?: boolean;
}

/** Of the smallest curves that anyone standardised. */
const MIN_SCALAR_BYTES = 14;

/**
 * Without a point the key is proven if its document is complete and names the curve, likely if it is cut off. On a curve that isn't
 * known here it's likely.
 */
export function proveEc({ curve, scalar, point, document, isOtherCurve }: EcNumbers): ProvenKey | undefined {
  if (!point && (document === undefined || !looksRandom(scalar))) return undefined;
  const named = curve && CURVE_BY_NAME.get(curve);
  if ((!curve && !point) || (named && !hasCurve(named))) return unproven(scalar, document);
  const candidates = named ? [named] : EC_CURVES.filter(({ size }) => [1 + size, 1 + 2 * size].includes(point!.length));
  for (const parameters of candidates) {
    const secret = toFieldSize(scalar, parameters.size);
    const computed = secret && ecPublicPoint(parameters, secret);
    if (!computed || (point && !samePoint(parameters, computed, point))) {
      secret?.fill(0);
      continue;
    }
    return {
      verdict: point || document ? 'proven' : 'likely',
      secret,
      publicKey: {
        kty: 'EC',
        crv: parameters.name,
        x: toBase64url(computed.subarray(1, 1 + parameters.size)),
        y: toBase64url(computed.subarray(1 + parameters.size)),
      },
      traits: {
        algorithm: 'EC',
        curve: parameters.name,
        bits: parameters.bits,
        proof: point ? 'd*G=Q' : document ? 'document' : 'none',
        ...ecPublicIds(parameters.name, computed),
      },
    };
  }
  return isOtherCurve && scalar.length >= MIN_SCALAR_BYTES && looksRandom(scalar)
    ? unproven(scalar, document)
    : undefined;
}

/** What a complete document says is a key, without its public half. */
function unproven(scalar: Uint8Array, document: boolean | undefined): ProvenKey | undefined {
  const traits = { algorithm: 'EC', bits: scalar.length * 8, proof: 'none' } as const;
  return document ? { verdict: 'likely', secret: scalar.slice(), traits } : undefined;
}

/** The scalar as long as the field, in memory of its own; undefined when it is too large. */
function toFieldSize(scalar: Uint8Array, size: number): Uint8Array | undefined {
  const extra = Math.max(0, scalar.length - size);
  for (let i = 0; i < extra; i++) if (scalar[i] !== 0) return undefined;
  const out = new Uint8Array(size);
  out.set(scalar.subarray(extra), size - (scalar.length - extra));
  return out;
}

/** Whether `found` (compressed or not) is the computed uncompressed point. */
function samePoint({ openssl }: CurveParameters, computed: Uint8Array, found: Uint8Array): boolean {
  if (found.length === computed.length) return equalBytes(computed, found);
  return equalBytes(ECDH.convertKey(computed, openssl, undefined, undefined, 'compressed') as Buffer, found);
}

export interface OkpNumbers {
  readonly curve: OkpCurve;
  readonly privateKey: Uint8Array;
  readonly publicKey?: Uint8Array | undefined;
  /** As in `EcNumbers`. */
  readonly document?: boolean;
}

/** Without the public key, a complete document is the proof; in one that is cut off the key is likely. */
export function proveOkp({ curve, privateKey, publicKey, document }: OkpNumbers): ProvenKey | undefined {
  const parameters = OKP_CURVES.find(({ name }) => name === curve)!;
  if (privateKey.length !== parameters.size) return undefined;
  if (!publicKey && (document === undefined || !looksRandom(privateKey))) return undefined;
  const computed = okpPublicKey(curve, privateKey);
  if (!computed || (publicKey && !equalBytes(computed, publicKey))) return undefined;
  return {
    verdict: publicKey || document ? 'proven' : 'likely',
    secret: privateKey.slice(),
    publicKey: { kty: 'OKP', crv: curve, x: toBase64url(computed) },
    traits: {
      algorithm: curve,
      bits: parameters.bits,
      proof: publicKey ? 'd*G=Q' : document ? 'document' : 'none',
      ...okpPublicIds(curve, computed, parameters.oidLastByte),
    },
  };
}

/**
 * The private scalar of an Ed25519 key as RFC 8032, 5.1.5 makes it of the seed, little-endian. Who has it can sign, though the
 * seed can't be computed from it.
 */
export function proveEd25519Scalar(scalar: Uint8Array, publicKey: Uint8Array): ProvenKey | undefined {
  const { bits, oidLastByte } = OKP_CURVES.find(({ name }) => name === 'Ed25519')!;
  if (scalar.length !== publicKey.length || !equalBytes(ed25519PublicKeyOf(scalar), publicKey)) return undefined;
  return {
    verdict: 'proven',
    secret: scalar.slice(),
    publicKey: { kty: 'OKP', crv: 'Ed25519', x: toBase64url(publicKey) },
    traits: { algorithm: 'Ed25519', bits, proof: 'd*G=Q', ...okpPublicIds('Ed25519', publicKey, oidLastByte) },
  };
}

/** Public key of an RFC 8032 seed or RFC 7748 scalar; undefined when the size is wrong. */
export function okpPublicKey(curve: OkpCurve, privateKey: Uint8Array): Uint8Array | undefined {
  const { oidLastByte, size } = OKP_CURVES.find(({ name }) => name === curve)!;
  if (privateKey.length !== size) return undefined;
  // PKCS#8 around the octets (RFC 8410, 7): the only way into OpenSSL that takes them raw.
  const prefix = [0x30, 14 + size, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, oidLastByte, 4, 2 + size, 4, size];
  const pkcs8 = concat(Uint8Array.from(prefix), privateKey);
  try {
    const key = createPublicKey(createPrivateKey({ key: pkcs8 as Buffer, format: 'der', type: 'pkcs8' }));
    return new Uint8Array(key.export({ format: 'der', type: 'spki' })).slice(-size);
  } catch {
    return undefined;
  } finally {
    pkcs8.fill(0);
  }
}
