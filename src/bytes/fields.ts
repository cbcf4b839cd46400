const TEXT = new TextDecoder();

/**
 * Integers of either byte order at an index. Total: what lies beyond the end reads as 0, so that a record that is cut off
 * needs no branch per field; ask `has` where 0 would mean something.
 */
export class Fields {
  readonly bytes: Uint8Array;
  readonly littleEndian: boolean;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, littleEndian: boolean) {
    this.bytes = bytes;
    this.littleEndian = littleEndian;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  has(at: number, length: number): boolean {
    return at >= 0 && at + length <= this.bytes.length;
  }

  u8(at: number): number {
    return this.has(at, 1) ? this.#view.getUint8(at) : 0;
  }

  u16(at: number): number {
    return this.has(at, 2) ? this.#view.getUint16(at, this.littleEndian) : 0;
  }

  u32(at: number): number {
    return this.has(at, 4) ? this.#view.getUint32(at, this.littleEndian) : 0;
  }

  u64(at: number): bigint {
    return this.has(at, 8) ? this.#view.getBigUint64(at, this.littleEndian) : 0n;
  }

  /** An unsigned 64-bit offset or size. No file reaches 2^53, so what a number can't hold is `Infinity`: beyond any end. */
  size64(at: number): number {
    const value = Number(this.u64(at));
    return value <= Number.MAX_SAFE_INTEGER ? value : Number.POSITIVE_INFINITY;
  }

  /** An address or word of `width` 4 or 8 bytes. */
  word(at: number, width: number): bigint {
    return width === 8 ? this.u64(at) : BigInt(this.u32(at));
  }

  /** UTF-8 up to the first NUL, at most `length` bytes. For names, not for secrets. */
  text(at: number, length: number): string {
    const part = this.bytes.subarray(at, at + length);
    const end = part.indexOf(0);
    return TEXT.decode(end < 0 ? part : part.subarray(0, end));
  }
}
