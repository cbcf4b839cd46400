/**
 * Lists of published keys that the user loads, as they cross to the workers: in shared memory, for the largest have
 * millions of keys. Public values only.
 */

/** A table of records, sorted: a digest, and a big-endian number that leads to the label. */
export interface KnownList {
  /** For reports: the name of its file. */
  readonly name: string;
  /**
   * What the digests are of: `spki` SHA-256 of the DER SubjectPublicKeyInfo; `value` SHA-256 of the one number that
   * badkeys tells keys by (RSA: n; EC: x; DSA and DH: y; Curve25519 and Curve448: the key as one number), big-endian
   * without leading zeros.
   */
  readonly of: 'spki' | 'value';
  /** The leading bytes of the SHA-256 that a record holds. */
  readonly digestBytes: number;
  /** Bytes of the number after the digest. */
  readonly numberBytes: number;
  readonly table: Uint8Array;
  /** Labels by number; or text, in which the label begins where the number says and ends with its line. */
  readonly labels: Readonly<Record<number, string>> | Uint8Array;
}
