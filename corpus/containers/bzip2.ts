/** A small bzip2 encoder: rotations sorted as they are, one code for all symbols. Slow, valid, and for small content. */
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';
import { createRng } from '../rng.ts';

class BitWriter {
  private readonly out: number[] = [];
  private value = 0;
  private count = 0;
  write(bits: number, value: number): void {
    for (let i = bits - 1; i >= 0; i--) {
      this.value = (this.value << 1) | (Math.floor(value / 2 ** i) & 1);
      if (++this.count % 8 === 0) {
        this.out.push(this.value);
        this.value = 0;
      }
    }
  }
  done(): Uint8Array {
    while (this.count % 8) this.write(1, 0);
    return Uint8Array.from(this.out);
  }
}

/** CRC-32 with its bits the other way round. */
function blockCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc = (crc ^ (byte << 24)) >>> 0;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1) >>> 0;
  }
  return ~crc >>> 0;
}

/** Four equal bytes and a count of more. */
function runs(bytes: Uint8Array): number[] {
  const out: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    let count = 1;
    while (count < 255 && bytes[at + count] === bytes[at]) count++;
    for (let i = 0; i < Math.min(count, 4); i++) out.push(bytes[at] ?? 0);
    if (count >= 4) out.push(count - 4);
    at += count;
  }
  return out;
}

function writeBlock(bits: BitWriter, content: Uint8Array, crc: number): void {
  const text = runs(content);
  const n = text.length;
  const rotations = Array.from(text, (_, i) => i).sort((a, b) => {
    for (let i = 0; i < n; i++) {
      const difference = text[(a + i) % n]! - text[(b + i) % n]!;
      if (difference) return difference;
    }
    return a - b;
  });
  bits.write(24, 0x314159);
  bits.write(24, 0x265359);
  bits.write(32, crc);
  bits.write(1, 0);
  bits.write(24, rotations.indexOf(0));
  const used = [...new Set(text)].sort((a, b) => a - b);
  for (let range = 0; range < 16; range++) bits.write(1, used.some((byte) => byte >> 4 === range) ? 1 : 0);
  for (let range = 0; range < 16; range++) {
    if (used.some((byte) => byte >> 4 === range)) {
      for (let i = 0; i < 16; i++) bits.write(1, used.includes(range * 16 + i) ? 1 : 0);
    }
  }
  const order = [...used];
  const symbols: number[] = [];
  let zeros = 0;
  const flush = (): void => {
    for (; zeros > 0; zeros = (zeros - 1) >> 1) symbols.push(zeros % 2 ? 0 : 1);
  };
  for (const start of rotations) {
    const place = order.indexOf(text[(start + n - 1) % n]!);
    order.unshift(...order.splice(place, 1));
    if (place === 0) zeros++;
    else {
      flush();
      symbols.push(place + 1);
    }
  }
  flush();
  symbols.push(used.length + 1);
  const length = Math.max(1, Math.ceil(Math.log2(used.length + 2)));
  const groups = Math.ceil(symbols.length / 50);
  bits.write(3, 2);
  bits.write(15, groups);
  for (let i = 0; i < groups; i++) bits.write(1, 0);
  for (let table = 0; table < 2; table++) {
    bits.write(5, length);
    for (let i = 0; i < used.length + 2; i++) bits.write(1, 0);
  }
  for (const symbol of symbols) bits.write(length, symbol);
}

export function writeBzip2(blocks: readonly Uint8Array[], damage = 0): Uint8Array {
  const bits = new BitWriter();
  for (const char of 'BZh1') bits.write(8, char.charCodeAt(0));
  let whole = 0;
  for (const block of blocks) {
    const crc = (blockCrc(block) ^ damage) >>> 0;
    whole = (((whole << 1) | (whole >>> 31)) ^ crc) >>> 0;
    writeBlock(bits, block, crc);
  }
  bits.write(24, 0x177245);
  bits.write(24, 0x385090);
  bits.write(32, whole);
  return bits.done();
}

export function samples(): readonly ContainerSample[] {
  const rng = createRng('containers/bzip2');
  const a = rng.bytes(700);
  const b = concat(new Uint8Array(600).fill(0x41), rng.bytes(20), new Uint8Array(4).fill(9), Uint8Array.of(1));
  const nameless = (content: Uint8Array) => [{ name: '', content }];
  const common = {
    container: 'bzip2',
    counts: [
      { at: 3, bytes: 1 },
      { at: 14, bytes: 4 },
      { at: 18, bytes: 4 },
    ],
    headerBytes: 80,
  } as const;
  return [
    { ...common, name: 'two blocks', bytes: writeBzip2([a, b]), members: nameless(concat(a, b)) },
    { ...common, name: 'no block', bytes: concat(writeBzip2([]), writeBzip2([b])), members: nameless(b) },
    {
      ...common,
      name: 'two streams',
      bytes: concat(writeBzip2([a]), writeBzip2([b])),
      members: nameless(concat(a, b)),
    },
    { ...common, name: 'a wrong checksum', bytes: writeBzip2([a], 1), members: nameless(a), gaps: ['format-error'] },
  ];
}
