/**
 * OpenPGP secret-key and secret-subkey packets (RFC 9580, 4.2 and 5.5; LibrePGP's version 5), binary. Version 3 and older
 * are not read. The traps: S2K usage decides the layout; GnuPG's stubs (key on a card, or left out of an export) look
 * like encrypted keys; Curve25519 scalars are stored as big-endian numbers.
 */

import { looksRandom } from '../bytes/entropy.ts';
import { bigintFromBe, bitLength } from '../bytes/limbs.ts';
import { toHex } from '../bytes/public-text.ts';
import { u16be, u32be } from '../bytes/reader.ts';
import type { Algorithm, Traits } from '../model/finding.ts';
import { CURVE_BY_NAME, curveByOid, OKP_CURVES, type OkpCurve } from '../proof/curves.ts';
import { digest } from '../proof/hash.ts';
import { dsaPublicIds, ecPublicIds, okpPublicIds, rsaPublicIds } from '../proof/public-key.ts';
import type { KeyDocument, KeyParts } from './key-parts.ts';

const SECRET_KEY = 5;
const SECRET_SUBKEY = 7;
/** An RSA-16384 key with all its numbers. */
const MAX_BODY_BYTES = 16_384;
/** Longest number in bytes: RSA-16384. */
const MAX_MPI_BYTES = 2048;

/** The private key of an `okp` part is in memory of its own, to be wiped by the caller. */
export interface PgpKey extends KeyDocument {
  readonly fingerprint: Pick<Traits, 'pgpFingerprint'>;
}

export interface PgpPacket {
  readonly tag: number;
  /** Index of the first byte of the header. */
  readonly at: number;
  /** Body `[start, end)`; `end` may lie beyond the bytes when they are cut off. */
  readonly start: number;
  readonly end: number;
}

/** Header of the packet at `at` (RFC 9580, 4.2), old or new format; no partial and no indeterminate lengths. */
export function readPacketHeader(bytes: Uint8Array, at: number): PgpPacket | undefined {
  const first = bytes[at];
  if (first === undefined || first < 0x80) return undefined;
  const one = bytes[at + 1];
  if (one === undefined) return undefined;
  const packet = (tag: number, start: number, length: number | undefined) =>
    length === undefined ? undefined : { tag, at, start, end: start + length };
  if (first & 0x40) {
    const tag = first & 0x3f;
    if (one < 192) return packet(tag, at + 2, one);
    if (one < 224)
      return packet(tag, at + 3, bytes[at + 2] === undefined ? undefined : ((one - 192) << 8) + bytes[at + 2]! + 192);
    return one === 255 ? packet(tag, at + 6, u32be(bytes, at + 2)) : undefined;
  }
  const tag = (first >> 2) & 15;
  const lengthType = first & 3;
  if (lengthType === 0) return packet(tag, at + 2, one);
  if (lengthType === 1) return packet(tag, at + 3, u16be(bytes, at + 1));
  return lengthType === 2 ? packet(tag, at + 5, u32be(bytes, at + 1)) : undefined;
}

/** The packet header that ends where the body begins, of a secret key or subkey. */
export function secretPacketBefore(bytes: Uint8Array, body: number): PgpPacket | undefined {
  for (const size of [2, 3, 5, 6]) {
    const header = readPacketHeader(bytes, body - size);
    if (header?.start === body && isSecretPacket(header)) return header;
  }
  return undefined;
}

const isSecretPacket = ({ tag, start, end }: PgpPacket): boolean =>
  (tag === SECRET_KEY || tag === SECRET_SUBKEY) && end > start + 16 && end - start <= MAX_BODY_BYTES;

/** Secret keys of a transferable secret key (RFC 9580, 10.2) from `at` on, at most `most` packets. */
export function readPgpKeys(bytes: Uint8Array, at = 0, most = 128): readonly PgpKey[] {
  const keys: PgpKey[] = [];
  for (let count = 0; count < most; count++) {
    const header = readPacketHeader(bytes, at);
    if (!header) break;
    const key = isSecretPacket(header) ? readPgpKey(bytes, header.start, header.end) : undefined;
    if (key) keys.push(key);
    at = header.end;
  }
  return keys;
}

class PgpReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
  ok = true;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = Math.min(end, bytes.length);
  }

  /** A view of `length` bytes; once one doesn't fit, `ok` is false and all further ones are empty. */
  take(length: number): Uint8Array {
    if (!this.ok || this.at + length > this.end) {
      this.ok = false;
      return new Uint8Array(0);
    }
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  byte(): number {
    return this.take(1)[0] ?? 0;
  }

  /** Multiprecision integer (RFC 9580, 3.2): length in bits, then big-endian bytes. */
  mpi(): Uint8Array {
    const bits = u16be(this.take(2), 0) ?? 0;
    const length = (bits + 7) >> 3;
    if (length > MAX_MPI_BYTES) this.ok = false;
    return this.take(length);
  }

  number(): bigint {
    return bigintFromBe(this.mpi());
  }
}

/** What the public part says, and how to read the private part behind it. */
interface PublicPart {
  readonly traits: { readonly algorithm: Algorithm } & Partial<Traits>;
  readSecret(reader: PgpReader): KeyParts | undefined;
}

/** The key whose packet body is `bytes[start, end)`. Undefined for stubs, and when a part is implausible. */
export function readPgpKey(bytes: Uint8Array, start: number, end: number): PgpKey | undefined {
  const reader = new PgpReader(bytes, start, end);
  const version = reader.byte();
  reader.take(4);
  const algorithm = reader.byte();
  if (version < 4 || version > 6 || !reader.ok) return undefined;
  if (version > 4) reader.take(4);
  const publicPart = readPublicPart(reader, algorithm);
  if (!publicPart || !reader.ok) return undefined;
  const fingerprint = pgpFingerprint(version, bytes.subarray(start, reader.at));
  const usage = reader.byte();
  if (!reader.ok) return undefined;
  if (usage !== 0) {
    const ciphertext = readCiphertext(reader, version, usage);
    const traits = { ...publicPart.traits, ...fingerprint };
    return (
      ciphertext && { parts: { type: 'encrypted', protection: 'pgp-s2k', ciphertext, traits }, fingerprint, start, end }
    );
  }
  // LibrePGP counts the parameters (none), then the bytes of the secret.
  if (version === 5) reader.take(5);
  const parts = publicPart.readSecret(reader);
  // Two bytes of checksum follow, but not in version 6.
  return parts && { parts, fingerprint, start, end: Math.min(reader.at + (version === 6 ? 0 : 2), reader.end) };
}

/** RFC 9580, 5.5.4. */
function pgpFingerprint(version: number, body: Uint8Array): Pick<Traits, 'pgpFingerprint'> {
  const length = body.length;
  const head = version === 4 ? [0x99] : [version === 6 ? 0x9b : 0x9a, length >>> 24, (length >> 16) & 255];
  const prefix = Uint8Array.of(...head, (length >> 8) & 255, length & 255);
  const hash = digest(version === 4 ? 'sha1' : 'sha256', prefix, body);
  if (!hash) return {};
  return { pgpFingerprint: toHex(hash) };
}

/** Public-key algorithm ids: RFC 9580, 9.1. */
function readPublicPart(reader: PgpReader, algorithm: number): PublicPart | undefined {
  switch (algorithm) {
    case 1:
    case 2:
    case 3:
      return readRsa(reader);
    case 16:
    case 20:
      return readElGamal(reader);
    case 17:
      return readDsa(reader);
    case 18:
    case 19:
    case 22:
      return readCurve(reader, algorithm === 18);
    case 25:
      return readFixed(reader, 'X25519');
    case 26:
      return readFixed(reader, 'X448');
    case 27:
      return readFixed(reader, 'Ed25519');
    case 28:
      return readFixed(reader, 'Ed448');
    default:
      return undefined;
  }
}

function readRsa(reader: PgpReader): PublicPart {
  const [n, e] = [reader.number(), reader.number()];
  return {
    traits: { algorithm: 'RSA', bits: bitLength(n), ...(reader.ok && rsaPublicIds(n, e)) },
    readSecret(secret) {
      const d = secret.number();
      if (!secret.ok) return undefined;
      const [p, q] = [secret.number(), secret.number()];
      const whole = secret.ok;
      secret.mpi(); // u, the inverse of p
      return { type: 'rsa', numbers: whole ? { n, e, d, p, q } : { n, e, d } };
    },
  };
}

function readDsa(reader: PgpReader): PublicPart {
  const [p, q, g, y] = [reader.number(), reader.number(), reader.number(), reader.number()];
  return {
    traits: { algorithm: 'DSA', bits: bitLength(p), ...(reader.ok && dsaPublicIds(p, q, g, y)) },
    readSecret(secret) {
      const x = secret.number();
      return secret.ok ? { type: 'dsa', numbers: { p, q, g, y, x } } : undefined;
    },
  };
}

function readElGamal(reader: PgpReader): PublicPart {
  const [p, g, y] = [reader.number(), reader.number(), reader.number()];
  return {
    traits: { algorithm: 'ElGamal', bits: bitLength(p) },
    readSecret(secret) {
      const x = secret.number();
      return secret.ok ? { type: 'elgamal', numbers: { p, g, y, x } } : undefined;
    },
  };
}

/** ECDSA, EdDSA and ECDH of version 4: object identifier, point, and for ECDH the key derivation's parameters. */
function readCurve(reader: PgpReader, ecdh: boolean): PublicPart | undefined {
  const oid = reader.take(reader.byte());
  const point = reader.mpi();
  if (ecdh) reader.take(reader.byte());
  if (!reader.ok) return undefined;
  const curve = curveByOid(oid, 0, oid.length);
  if (curve) {
    return {
      traits: { algorithm: 'EC', curve: curve.name, bits: curve.bits, ...ecPublicIds(curve.name, point) },
      readSecret(secret) {
        const scalar = secret.mpi();
        if (!secret.ok || scalar.length === 0 || scalar.length > CURVE_BY_NAME.get(curve.name)!.size) return undefined;
        return { type: 'ec', numbers: { curve: curve.name, scalar, point } };
      },
    };
  }
  const okp = okpByOid(oid);
  if (!okp) return undefined;
  const { name, size, oidLastByte, bits } = OKP_CURVES.find((candidate) => candidate.name === okp.curve)!;
  // The prefix 0x40 marks the native form of a point; GnuPG leaves it out for the 448-bit curves.
  const publicKey = point.length === size + 1 && point[0] === 0x40 ? point.subarray(1) : point;
  if (publicKey.length !== size) return undefined;
  return {
    traits: { algorithm: name, bits, ...okpPublicIds(name, publicKey, oidLastByte) },
    readSecret(secret) {
      const stored = secret.mpi();
      if (!secret.ok || stored.length > size || stored.length < size - 8) return undefined;
      // An MPI has no leading zeros: they are put back in front.
      const privateKey = new Uint8Array(size);
      privateKey.set(stored, size - stored.length);
      if (okp.reversed) privateKey.reverse();
      return { type: 'okp', numbers: { curve: name, privateKey, publicKey } };
    },
  };
}

/** RFC 9580, 9.2, and the identifiers of RFC 8410 that GnuPG uses for the 448-bit curves. */
const OKP_OIDS: readonly { readonly oid: readonly number[]; readonly curve: OkpCurve; readonly reversed?: true }[] = [
  { oid: [0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01], curve: 'Ed25519' },
  { oid: [0x2b, 0x06, 0x01, 0x04, 0x01, 0x97, 0x55, 0x01, 0x05, 0x01], curve: 'X25519', reversed: true },
  { oid: [0x2b, 0x65, 0x70], curve: 'Ed25519' },
  { oid: [0x2b, 0x65, 0x6e], curve: 'X25519', reversed: true },
  { oid: [0x2b, 0x65, 0x71], curve: 'Ed448' },
  { oid: [0x2b, 0x65, 0x6f], curve: 'X448' },
];

const okpByOid = (found: Uint8Array) =>
  OKP_OIDS.find(({ oid }) => oid.length === found.length && oid.every((byte, i) => byte === found[i]));

function readFixed(reader: PgpReader, curve: OkpCurve): PublicPart {
  const { size, oidLastByte, bits } = OKP_CURVES.find(({ name }) => name === curve)!;
  const publicKey = reader.take(size);
  return {
    traits: { algorithm: curve, bits, ...(reader.ok && okpPublicIds(curve, publicKey, oidLastByte)) },
    readSecret(secret) {
      const privateKey = secret.take(size).slice();
      return secret.ok ? { type: 'okp', numbers: { curve, privateKey, publicKey } } : undefined;
    },
  };
}

/** Block sizes of the symmetric algorithms 1 to 13 (RFC 9580, 9.3), 0 for those that don't exist. */
const BLOCK_BYTES = [0, 8, 8, 8, 8, 0, 0, 16, 16, 16, 16, 16, 16, 16];
/** Nonces of EAX, OCB and GCM. */
const NONCE_BYTES = [0, 16, 15, 12];

/** The encrypted part behind the S2K usage octet (RFC 9580, 3.7.2.1 and 5.5.3). */
function readCiphertext(reader: PgpReader, version: number, usage: number): Uint8Array | undefined {
  const specified = usage >= 253;
  if (version > 4 && specified) reader.byte();
  const cipher = specified ? reader.byte() : usage;
  const block = BLOCK_BYTES[cipher] ?? 0;
  if (block === 0) return undefined;
  const nonce = usage === 253 ? (NONCE_BYTES[reader.byte()] ?? 0) : block;
  if (nonce === 0) return undefined;
  if (specified) {
    if (version === 6) reader.byte();
    const kind = reader.byte();
    if (kind === 4) {
      reader.take(16 + 3); // Argon2: salt, passes, lanes, memory
    } else if (kind <= 3 && kind !== 2) {
      reader.byte();
      reader.take(kind === 0 ? 0 : kind === 1 ? 8 : 9); // salt, and the count
    } else {
      return undefined; // GnuPG's stubs have kind 101
    }
  }
  reader.take(nonce);
  if (version === 5) reader.take(4);
  const rest = reader.ok ? reader.bytes.subarray(reader.at, reader.end) : undefined;
  return rest && rest.length >= 32 && looksRandom(rest.subarray(0, 64)) ? rest : undefined;
}
