/** An LZMA encoder that knows literals only (lzma-specification.txt, with lc = 3, lp = 0, pb = 2): valid streams that don't shrink. */

export class LzmaLiteralEncoder {
  private low = 0n;
  private range = 0xffffffffn;
  private cache = 0;
  private pendingBytes = 1;
  private readonly out: number[] = [];
  private readonly probs = new Map<string, number>();

  /** The whole stream; with `marker` it tells its end itself. */
  static encode(content: Uint8Array, marker: boolean): Uint8Array {
    const encoder = new LzmaLiteralEncoder();
    let previous = 0;
    for (const [at, byte] of content.entries()) {
      encoder.bit(`match 0 ${at & 3}`, 0);
      let symbol = 1;
      for (let i = 7; i >= 0; i--) {
        const bit = (byte >> i) & 1;
        encoder.bit(`literal ${previous >> 5} ${symbol}`, bit);
        symbol = symbol * 2 + bit;
      }
      previous = byte;
    }
    if (marker) encoder.endMarker(content.length);
    for (let i = 0; i < 5; i++) encoder.shift();
    return Uint8Array.from(encoder.out);
  }

  /** A match of length 2 at distance 2^32 - 1: all bits of length are 0, all of the distance 1. */
  private endMarker(at: number): void {
    this.bit(`match 0 ${at & 3}`, 1);
    this.bit('rep 0', 0);
    this.bit('length choice', 0);
    this.tree(`length low ${at & 3}`, 3, 0);
    this.tree('slot 0', 6, 63);
    for (let i = 0; i < 26; i++) {
      this.range >>= 1n;
      this.low += this.range;
      this.normalise();
    }
    this.tree('align', 4, 15);
  }

  private tree(name: string, bits: number, value: number): void {
    let symbol = 1;
    for (let i = bits - 1; i >= 0; i--) {
      const bit = (value >> i) & 1;
      this.bit(`${name} ${symbol}`, bit);
      symbol = symbol * 2 + bit;
    }
  }

  private bit(name: string, bit: number): void {
    const p = this.probs.get(name) ?? 1024;
    const bound = (this.range >> 11n) * BigInt(p);
    if (bit) {
      this.low += bound;
      this.range -= bound;
      this.probs.set(name, p - (p >> 5));
    } else {
      this.range = bound;
      this.probs.set(name, p + ((2048 - p) >> 5));
    }
    this.normalise();
  }

  private normalise(): void {
    while (this.range < 1n << 24n) {
      this.range <<= 8n;
      this.shift();
    }
  }

  private shift(): void {
    const carry = Number(this.low >> 32n);
    if (this.low < 0xff000000n || carry) {
      for (let i = 0; i < this.pendingBytes; i++) this.out.push(((i === 0 ? this.cache : 0xff) + carry) & 255);
      this.pendingBytes = 0;
      this.cache = Number((this.low >> 24n) & 255n);
    }
    this.pendingBytes++;
    this.low = (this.low & 0xffffffn) << 8n;
  }
}
