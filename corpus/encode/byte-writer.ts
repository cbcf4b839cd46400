/** Writes binary structures of either byte order into memory that grows. */
export class ByteWriter {
  readonly littleEndian: boolean;
  #bytes = new Uint8Array(4096);
  #length = 0;

  constructor(littleEndian = true) {
    this.littleEndian = littleEndian;
  }

  /** Where the next byte goes. */
  get at(): number {
    return this.#length;
  }

  u8(...values: readonly number[]): this {
    for (const value of values) this.#view(1).setUint8(0, value);
    return this;
  }

  u16(...values: readonly number[]): this {
    for (const value of values) this.#view(2).setUint16(0, value, this.littleEndian);
    return this;
  }

  u32(...values: readonly number[]): this {
    for (const value of values) this.#view(4).setUint32(0, value, this.littleEndian);
    return this;
  }

  u64(...values: readonly (number | bigint)[]): this {
    for (const value of values) this.#view(8).setBigUint64(0, BigInt(value), this.littleEndian);
    return this;
  }

  bytes(content: ArrayLike<number>): this {
    const view = this.#view(content.length);
    for (let i = 0; i < content.length; i++) view.setUint8(i, content[i]!);
    return this;
  }

  /** One byte per character, padded with zeros to `length`. */
  text(text: string, length = text.length): this {
    this.bytes(Buffer.from(text.slice(0, length), 'latin1'));
    return this.zeros(length - Math.min(text.length, length));
  }

  utf16(text: string): this {
    return this.u16(...Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)));
  }

  zeros(count: number): this {
    this.#view(count);
    return this;
  }

  /** Zeros up to `offset`. */
  to(offset: number): this {
    if (offset < this.#length) throw new RangeError(`${this.#length} bytes are written, past ${offset}`);
    return this.zeros(offset - this.#length);
  }

  align(unit: number): this {
    return this.to(Math.ceil(this.#length / unit) * unit);
  }

  /** Overwrites four bytes that were left for it. */
  patch32(at: number, value: number): this {
    new DataView(this.#bytes.buffer).setUint32(at, value, this.littleEndian);
    return this;
  }

  patch64(at: number, value: number | bigint): this {
    new DataView(this.#bytes.buffer).setBigUint64(at, BigInt(value), this.littleEndian);
    return this;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #view(length: number): DataView {
    const at = this.#length;
    this.#length += length;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return new DataView(this.#bytes.buffer, at, length);
  }
}
