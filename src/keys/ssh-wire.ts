/** SSH wire encoding (RFC 4251, 5): u32 lengths and byte strings, mpints; shared by OpenSSH, PuTTY and Dropbear keys. */
import { bigintFromBe } from '../bytes/limbs.ts';
import { u32be } from '../bytes/reader.ts';

/** Longest string of a key file: an RSA-16384 private exponent and some. */
const MAX_STRING = 16_384;

/** Reads fields one after another; once one doesn't fit, `ok` is false and all further ones are empty. */
export class SshReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
  ok = true;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = Math.min(end, bytes.length);
  }

  uint32(): number {
    const value = this.at + 4 <= this.end ? u32be(this.bytes, this.at) : undefined;
    if (value === undefined) {
      this.ok = false;
      return 0;
    }
    this.at += 4;
    return value;
  }

  /** A view of the bytes of a `string`. */
  string(): Uint8Array {
    return this.octets(this.uint32());
  }

  /** A view of the next `length` bytes. */
  octets(length: number): Uint8Array {
    if (!this.ok || length > MAX_STRING || this.at + length > this.end) {
      this.ok = false;
      return new Uint8Array(0);
    }
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** A short `string` of printable ASCII: a name, never key material. */
  name(): string {
    const bytes = this.string();
    if (bytes.length > 64 || bytes.some((byte) => byte < 0x20 || byte > 0x7e)) this.ok = false;
    return this.ok ? String.fromCharCode(...bytes) : '';
  }

  mpint(): bigint {
    return bigintFromBe(this.string());
  }
}
