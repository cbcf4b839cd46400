/** JSON Web Keys (RFC 7517, 7518, 8037, 8812, draft-ietf-cose-dilithium): members to numbers. */
import { decodeBase64 } from '../bytes/base64.ts';
import type { FlatObject } from '../bytes/json.ts';
import { bigintFromBe } from '../bytes/limbs.ts';
import { concat, hasText } from '../bytes/reader.ts';
import type { Curve } from '../model/finding.ts';
import { CURVE_BY_NAME, OKP_CURVES } from '../proof/curves.ts';
import { postQuantumByName } from '../proof/post-quantum.ts';
import type { ProvenKey } from '../proof/proven-key.ts';
import { proveKey } from './key-parts.ts';

export const KEY_TYPES = ['RSA', 'EC', 'OKP', 'AKP', 'oct'] as const;
export type KeyType = (typeof KEY_TYPES)[number];

/** `crv` as registered, and what libraries wrote before secp256k1 was. */
const EC_CURVES: Readonly<Record<string, Curve>> = {
  'P-256': 'P-256',
  'P-384': 'P-384',
  'P-521': 'P-521',
  secp256k1: 'secp256k1',
  'P-256K': 'secp256k1',
};
/** A symmetric key shorter than that (RFC 7518, 3.2 asks for 32) is not worth a finding. */
const MIN_OCT_BYTES = 16;
const MIN_DISTINCT_BYTES = 10;

/** Value of `kty` at `[start, end)`. */
export function keyTypeAt(bytes: Uint8Array, start: number, end: number): KeyType | undefined {
  return KEY_TYPES.find((type) => end - start === type.length && hasText(bytes, start, type));
}

/** The key that the members of `object` prove; a symmetric key is `likely`, for nothing can contradict it. */
export function proveJwk(bytes: Uint8Array, object: FlatObject, type: KeyType): ProvenKey | undefined {
  const scratch: Uint8Array[] = [];
  const octets = (name: string): Uint8Array | undefined => {
    const span = object.get(name);
    if (!span) return undefined;
    const decoded = decodeBase64(bytes, span.start, span.end, { style: 'plain' }).bytes;
    scratch.push(decoded);
    return decoded.length > 0 ? decoded : undefined;
  };
  const text = (name: string): string => {
    const span = object.get(name);
    return span && span.end - span.start < 24 ? String.fromCharCode(...bytes.subarray(span.start, span.end)) : '';
  };
  try {
    if (type === 'RSA') return proveRsaMembers(octets);
    if (type === 'EC') return proveEcMembers(octets, EC_CURVES[text('crv')]);
    if (type === 'OKP') return proveOkpMembers(octets, text('crv'));
    if (type === 'AKP') return proveAkpMembers(octets, text('alg'));
    return symmetricKey(octets('k'));
  } finally {
    for (const decoded of scratch) decoded.fill(0);
  }
}

type Octets = (name: string) => Uint8Array | undefined;

function proveRsaMembers(octets: Octets): ProvenKey | undefined {
  const number = (name: string): bigint | undefined => {
    const bytes = octets(name);
    return bytes && bigintFromBe(bytes);
  };
  const [n, e, d, p, q] = ['n', 'e', 'd', 'p', 'q'].map(number);
  if (d === undefined && p === undefined && q === undefined) return undefined;
  const [dp, dq, qi] = ['dp', 'dq', 'qi'].map(number);
  return proveKey({ type: 'rsa', numbers: { n, e, d, p, q, dp, dq, qi } });
}

function proveEcMembers(octets: Octets, curve: Curve | undefined): ProvenKey | undefined {
  const size = curve && CURVE_BY_NAME.get(curve)?.size;
  const scalar = octets('d');
  const x = octets('x');
  if (!size || !scalar || !x || x.length > size) return undefined;
  const y = octets('y');
  // Coordinates are padded to the field by the RFC; some writers drop leading zeros all the same.
  const pad = (value: Uint8Array): Uint8Array => concat(new Uint8Array(size - value.length), value);
  const points =
    y && y.length <= size
      ? [concat(Uint8Array.of(0x04), pad(x), pad(y))]
      : [0x02, 0x03].map((sign) => concat(Uint8Array.of(sign), pad(x)));
  for (const point of points) {
    const key = proveKey({ type: 'ec', numbers: { curve, scalar, point } });
    if (key) return key;
  }
  return undefined;
}

function proveOkpMembers(octets: Octets, name: string): ProvenKey | undefined {
  const curve = OKP_CURVES.find((known) => known.name === name)?.name;
  const [privateKey, publicKey] = [octets('d'), octets('x')];
  if (!curve || !privateKey || !publicKey) return undefined;
  return proveKey({ type: 'okp', numbers: { curve, privateKey, publicKey } });
}

/** An algorithm key pair: `alg` says what kind of key it is; `priv` is the seed, of SLH-DSA, which has none, the key. */
function proveAkpMembers(octets: Octets, name: string): ProvenKey | undefined {
  const known = postQuantumByName(name);
  const [priv, publicKey] = [octets('priv'), octets('pub')];
  if (!known || !priv || !publicKey) return undefined;
  const privateKey = known.seed === undefined ? { expanded: priv } : { seed: priv };
  return proveKey({ type: 'post-quantum', numbers: { algorithm: known.name, publicKey, ...privateKey } });
}

function symmetricKey(k: Uint8Array | undefined): ProvenKey | undefined {
  if (!k || k.length < MIN_OCT_BYTES || new Set(k).size < MIN_DISTINCT_BYTES) return undefined;
  return {
    verdict: 'likely',
    secret: k.slice(),
    traits: { algorithm: 'symmetric', proof: 'none', bits: k.length * 8 },
  };
}
