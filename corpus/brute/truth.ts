/** A key that a real program holds, as numbers; and where and how it lies in a dump. */
import { createECDH, createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Curve } from '../../src/model/finding.ts';
import type { AnyKey, OkpKey } from '../../src/model/make.ts';

/** A key of HMAC, which has no public half: a token says that it is in use. */
export interface MacKey {
  readonly type: 'mac';
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  readonly key: Uint8Array;
  /** The states after one block, as big-endian words. */
  readonly inner: Uint8Array;
  readonly outer: Uint8Array;
  /** One that the program holds. */
  readonly token: string;
}

/** A signature whose nonce the program kept. */
export interface KnownNonce {
  readonly k: Uint8Array;
  readonly r: Uint8Array;
  readonly s: Uint8Array;
  readonly digest: Uint8Array;
}

export interface TrueKey {
  /** Says what the program does with it: `server certificate (RSA)`. */
  readonly label: string;
  readonly key: AnyKey | MacKey;
  /** Measured by node:crypto, not by us; empty for a key of HMAC. */
  readonly publicKeySha256: string;
  readonly nonce?: KnownNonce;
}

/** `key` is a private key of type RSA, EC, OKP or DSA. */
export function trueKey(label: string, key: KeyObject): TrueKey {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    label,
    key:
      key.asymmetricKeyType === 'dsa'
        ? dsaNumbers(key, spki)
        : (brainpoolNumbers(key) ?? numbers(key.export({ format: 'jwk' }))),
    publicKeySha256: createHash('sha256').update(spki).digest('hex'),
  };
}

/** Of curves that JWK doesn't know: from SEC1, which begins with a header, the version 1, and the scalar as an OCTET STRING. */
function brainpoolNumbers(key: KeyObject): AnyKey | undefined {
  const name = key.asymmetricKeyDetails?.namedCurve;
  if (!name?.startsWith('brainpool')) return undefined;
  const document = key.export({ format: 'der', type: 'sec1' });
  const at = document.indexOf(Buffer.of(0x02, 0x01, 0x01, 0x04)) + 4;
  const size = document[at]!;
  const d = new Uint8Array(document.subarray(at + 1, at + 1 + size));
  const ecdh = createECDH(name);
  ecdh.setPrivateKey(d);
  const point = new Uint8Array(ecdh.getPublicKey());
  return { type: 'ec', curve: name as Curve, d, x: point.slice(1, 1 + size), y: point.slice(1 + size) };
}

/** No JWK has them. PKCS#8 has 0, p, q, g, x; SubjectPublicKeyInfo p, q, g, y (RFC 3279, 2.3.2). */
function dsaNumbers(key: KeyObject, spki: Buffer): AnyKey {
  const [, p = 0n, q = 0n, g = 0n, x = 0n] = integersIn(key.export({ format: 'der', type: 'pkcs8' }));
  return { type: 'dsa', p, q, g, x, y: integersIn(spki)[3] ?? 0n };
}

/** All INTEGERs of a DER document, also those in its strings. */
function integersIn(der: Buffer): readonly bigint[] {
  const found: bigint[] = [];
  for (let at = 0; at < der.length; ) {
    const tag = der[at]!;
    const short = der[at + 1]!;
    const lengthBytes = short < 0x80 ? 0 : short - 0x80;
    const start = at + 2 + lengthBytes;
    const end = start + (lengthBytes === 0 ? short : der.readUIntBE(at + 2, lengthBytes));
    const content = der.subarray(start, end);
    if (tag === 0x02) found.push(BigInt(`0x0${content.toString('hex')}`));
    if (tag === 0x30 || tag === 0x04) found.push(...integersIn(content));
    // Behind the number of unused bits.
    if (tag === 0x03) found.push(...integersIn(content.subarray(1)));
    at = end;
  }
  return found;
}

function numbers(jwk: JsonWebKey): AnyKey {
  const bytes = (name: keyof JsonWebKey): Uint8Array => {
    const value = jwk[name];
    return new Uint8Array(Buffer.from(typeof value === 'string' ? value : '', 'base64url'));
  };
  const number = (name: keyof JsonWebKey): bigint => BigInt(`0x0${Buffer.from(bytes(name)).toString('hex')}`);
  switch (jwk.kty) {
    case 'RSA': {
      const [n, e, d, p, q] = [number('n'), number('e'), number('d'), number('p'), number('q')] as const;
      const [dp, dq, qi] = [number('dp'), number('dq'), number('qi')] as const;
      return { type: 'rsa', bits: n.toString(2).length, n, e, d, p, q, dp, dq, qi };
    }
    case 'EC':
      return { type: 'ec', curve: jwk.crv as Curve, d: bytes('d'), x: bytes('x'), y: bytes('y') };
    case 'OKP':
      return { type: 'okp', curve: jwk.crv as OkpKey['curve'], d: bytes('d'), x: bytes('x') };
    default:
      throw new RangeError(`no numbers for keys of type ${jwk.kty}`);
  }
}

/**
 * Encoded forms, which must be found whenever they are present, then what is left of them when they are cut or
 * damaged, then the forms of a key in use.
 */
export const ENCODED_FORMS = [
  'pem',
  'pem-base64',
  'der',
  'der-base64',
  'jwk',
  'jwk-members',
  'xml',
  'openssh',
  'putty',
  'pgp-armor',
] as const;
export const PARTIAL_FORMS = ['base64-part', 'jwk-part', 'hex', 'decimal'] as const;
export const MEMORY_FORMS = [
  'limbs-le',
  'bytes-be',
  'java-ints',
  'digits-30',
  'limbs-60',
  'smi-28',
  'smi-26',
  'seed',
  'mac-key',
  'mac-base64',
  'midstate',
] as const;
/** Of public coordinates only: X·R mod p, R a power of 2^64, as OpenSSL and Go hold points, or of 2^26 (elliptic). */
type PublicForm = 'montgomery-le' | 'montgomery-smi-26';
export type TrueForm =
  | (typeof ENCODED_FORMS)[number]
  | (typeof PARTIAL_FORMS)[number]
  | (typeof MEMORY_FORMS)[number]
  | PublicForm;

/** One occurrence of a key: `[start, end)` in the dump holds the document, or the number named by `part`. */
export interface Occurrence {
  /** Index into the list of keys. */
  readonly key: number;
  readonly form: TrueForm;
  readonly part: string;
  readonly start: number;
  readonly end: number;
  /** Bytes per character, for texts. */
  readonly unit: number;
}

/** A number of a key, whole and contiguous, whatever surrounds it. */
export interface Sighting {
  readonly key: number;
  /** Public ones are those that `publicParts` names. */
  readonly part: string;
  readonly form: TrueForm;
  readonly start: number;
}
