/**
 * The toolbox that `examples()` gets: keys and documents from a seed, so that no key is ever committed.
 * Types only; `corpus/make.ts` implements it (and shares no code with the parsers).
 */
import type { Curve } from './finding.ts';

export type RsaKey = {
  readonly type: 'rsa';
  readonly bits: number;
  readonly n: bigint;
  readonly e: bigint;
  readonly d: bigint;
  readonly p: bigint;
  readonly q: bigint;
  readonly dp: bigint;
  readonly dq: bigint;
  readonly qi: bigint;
};
/** Coordinates and scalar big-endian, as long as the field. */
export type EcKey = {
  readonly type: 'ec';
  readonly curve: Curve;
  readonly d: Uint8Array;
  readonly x: Uint8Array;
  readonly y: Uint8Array;
};
/** RFC 8032 and RFC 7748 octets. */
export type OkpKey = {
  readonly type: 'okp';
  readonly curve: 'Ed25519' | 'Ed448' | 'X25519' | 'X448';
  readonly d: Uint8Array;
  readonly x: Uint8Array;
};
export type DsaKey = {
  readonly type: 'dsa';
  readonly p: bigint;
  readonly q: bigint;
  readonly g: bigint;
  readonly x: bigint;
  readonly y: bigint;
};
export type AnyKey = RsaKey | EcKey | OkpKey | DsaKey;

export interface Make {
  // Randomness from the seed.
  bytes(length: number): Uint8Array;
  int(below: number): number;
  pick<T>(choices: readonly T[]): T;
  /** Characters drawn from `alphabet` (default: A-Z a-z 0-9). */
  text(length: number, alphabet?: string): string;

  // Keys. The same seed gives the same keys; calls in one `examples()` give different ones.
  rsa(bits?: number): RsaKey;
  ec(curve?: Curve): EcKey;
  okp(curve?: OkpKey['curve']): OkpKey;
  dsa(): DsaKey;

  // Documents.
  /** PKCS#1 RSAPrivateKey (RFC 8017 A.1.2). */
  pkcs1(key: RsaKey): Uint8Array;
  /** PKCS#8 PrivateKeyInfo (RFC 5958, 8410). `publicKey: false` leaves the EC public key out (as Java does). */
  pkcs8(key: AnyKey, options?: { publicKey?: boolean }): Uint8Array;
  /** SEC1 ECPrivateKey (RFC 5915). */
  sec1(key: EcKey, options?: { parameters?: boolean; publicKey?: boolean }): Uint8Array;
  /** OpenSSL's DSAPrivateKey: SEQUENCE of 0, p, q, g, y, x. */
  dsaKey(key: DsaKey): Uint8Array;
  spki(key: AnyKey): Uint8Array;
  /** SHA-256 of `spki(key)`, lower-case hex. */
  publicKeySha256(key: AnyKey): string;
  /** RFC 7468 text with `eol` (default LF), `width` characters a line (default 64, 0: one line). Ends with `eol`. */
  pem(label: string, der: Uint8Array, options?: { eol?: string; width?: number; headers?: string }): string;
  /** JWK members in base64url: `{ kty, n, e, d, … }`; `crt: false` leaves p, q, dp, dq, qi out. */
  jwk(key: RsaKey | EcKey | OkpKey, options?: { crt?: boolean }): Record<string, string>;
  /** The canonical secret as `Claim.secret` defines it. */
  secret(key: AnyKey): Uint8Array;
  /** All private numbers of a key, big-endian without leading zeros, for leak searches. */
  secrets(key: AnyKey): readonly Uint8Array[];

  // Encoders, one DER element each unless said otherwise.
  readonly der: {
    seq(...parts: readonly Uint8Array[]): Uint8Array;
    set(...parts: readonly Uint8Array[]): Uint8Array;
    int(value: bigint | number): Uint8Array;
    oct(bytes: Uint8Array): Uint8Array;
    bits(bytes: Uint8Array): Uint8Array;
    /** Dotted decimal. */
    oid(dotted: string): Uint8Array;
    nul(): Uint8Array;
    bmp(text: string): Uint8Array;
    utf8(text: string): Uint8Array;
    /** Constructed context-specific tag. */
    ctx(tag: number, ...parts: readonly Uint8Array[]): Uint8Array;
    /** Primitive context-specific tag. */
    prim(tag: number, bytes: Uint8Array): Uint8Array;
  };
  /** Big-endian or little-endian bytes of a number, padded on the far side to `length` when given. */
  be(value: bigint, length?: number): Uint8Array;
  le(value: bigint, length?: number): Uint8Array;
  concat(...parts: readonly (Uint8Array | string)[]): Uint8Array;
  /** One byte per character (Latin-1). */
  ascii(text: string): Uint8Array;
  utf16le(text: string): Uint8Array;
  utf16be(text: string): Uint8Array;
  utf32le(text: string): Uint8Array;
  base64(bytes: Uint8Array): string;
  base64url(bytes: Uint8Array): string;
  hex(bytes: Uint8Array): string;
  /** Bech32 (BIP 173) of any length, in lower case. */
  bech32(prefix: string, bytes: Uint8Array): string;
  /** Base58 of the bytes and their checksum, as Bitcoin writes keys. */
  base58check(bytes: Uint8Array): string;
  /** In base 62 (0-9 A-Z a-z), padded with `0`. */
  base62(value: number, length: number): string;
  /** Eight, four, four, four and twelve lower-case hex digits. */
  uuid(): string;
  /** English words of BIP-39 for 16, 20, 24, 28 or 32 bytes of entropy, their checksum included. */
  mnemonic(entropy: Uint8Array): readonly string[];

  // Checksums.
  /** CRC-32 of Latin-1 text. */
  crc32(text: string): number;
  /** Marvin32 of the bytes with the seed named by eight characters: four bytes, little-endian. */
  marvin32(bytes: Uint8Array, seedName: string): Uint8Array;

  // Cryptography for encrypted examples. Names as OpenSSL spells them (`sha256`, `aes-256-cbc`).
  hash(name: string, ...parts: readonly Uint8Array[]): Uint8Array;
  hmac(name: string, key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array;
  encrypt(cipher: string, key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Uint8Array;
  pbkdf2(hash: string, password: Uint8Array, salt: Uint8Array, iterations: number, length: number): Uint8Array;
  /** RFC 7292, B.2. `id` 1: key, 2: initial value, 3: MAC key. */
  pkcs12Kdf(
    hash: string,
    password: Uint8Array,
    salt: Uint8Array,
    id: 1 | 2 | 3,
    iterations: number,
    length: number,
  ): Uint8Array;
}
