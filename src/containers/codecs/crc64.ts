/** CRC-64 of xz (ECMA-182, reflected, polynomial 0xC96C5795D7870F42), in two halves: JavaScript has no fast 64-bit integers. */

const LOW = new Uint32Array(1024);
const HIGH = new Uint32Array(1024);
for (let i = 0; i < 256; i++) {
  let low = i;
  let high = 0;
  for (let bit = 0; bit < 8; bit++) {
    const carry = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (carry) {
      low ^= 0xd7870f42;
      high ^= 0xc96c5795;
    }
  }
  LOW[i] = low;
  HIGH[i] = high;
}
// Tables 1 to 3 advance a byte that stands 1 to 3 places earlier: four bytes at a time.
for (let i = 256; i < 1024; i++) {
  const low = LOW[i - 256]!;
  LOW[i] = ((low >>> 8) | (HIGH[i - 256]! << 24)) ^ LOW[low & 255]!;
  HIGH[i] = (HIGH[i - 256]! >>> 8) ^ HIGH[low & 255]!;
}

export class Crc64 {
  private low = -1;
  private high = -1;

  update(bytes: Uint8Array): void {
    let low = this.low;
    let high = this.high;
    let at = 0;
    for (const stop = bytes.length - 3; at < stop; at += 4) {
      const a = 768 + ((low ^ bytes[at]!) & 255);
      const b = 512 + (((low >>> 8) ^ bytes[at + 1]!) & 255);
      const c = 256 + (((low >>> 16) ^ bytes[at + 2]!) & 255);
      const d = ((low >>> 24) ^ bytes[at + 3]!) & 255;
      low = high ^ LOW[a]! ^ LOW[b]! ^ LOW[c]! ^ LOW[d]!;
      high = HIGH[a]! ^ HIGH[b]! ^ HIGH[c]! ^ HIGH[d]!;
    }
    for (; at < bytes.length; at++) {
      const i = (low ^ bytes[at]!) & 255;
      low = ((low >>> 8) | (high << 24)) ^ LOW[i]!;
      high = (high >>> 8) ^ HIGH[i]!;
    }
    this.low = low;
    this.high = high;
  }

  /** Little-endian, 8 bytes. */
  digest(): Uint8Array {
    const out = new Uint8Array(8);
    const view = new DataView(out.buffer);
    view.setUint32(0, ~this.low >>> 0, true);
    view.setUint32(4, ~this.high >>> 0, true);
    return out;
  }
}
