/** DER (X.690) encoders: each returns one whole element. */
import type { Make } from '../../src/model/make.ts';
import { ascii, be, concat } from './text.ts';

const TAG = { integer: 0x02, bits: 0x03, oct: 0x04, nul: 0x05, oid: 0x06, utf8: 0x0c, bmp: 0x1e, seq: 0x30, set: 0x31 };

export const der: Make['der'] = {
  seq: (...parts) => element(TAG.seq, ...parts),
  set: (...parts) => element(TAG.set, ...parts),
  int: (value) => {
    const number = BigInt(value);
    if (number < 0n) throw new RangeError('der.int takes no negative number');
    const bytes = be(number);
    // The leading zero keeps the number positive.
    return element(TAG.integer, bytes.length === 0 || bytes[0]! >= 0x80 ? concat(Uint8Array.of(0), bytes) : bytes);
  },
  oct: (bytes) => element(TAG.oct, bytes),
  bits: (bytes) => element(TAG.bits, Uint8Array.of(0), bytes),
  oid: (dotted) => {
    const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
    return element(TAG.oid, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
  },
  nul: () => element(TAG.nul),
  bmp: (text) => {
    const bytes = Buffer.from(text, 'utf16le').swap16();
    return element(TAG.bmp, bytes);
  },
  utf8: (text) => element(TAG.utf8, ascii(Buffer.from(text, 'utf8').toString('latin1'))),
  ctx: (tag, ...parts) => element(0xa0 | tag, ...parts),
  prim: (tag, bytes) => element(0x80 | tag, bytes),
};

function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concat(...parts);
  return concat(Uint8Array.of(tag), length(content.length), content);
}

function length(value: number): Uint8Array {
  if (value < 0x80) return Uint8Array.of(value);
  const bytes = be(BigInt(value));
  return concat(Uint8Array.of(0x80 | bytes.length), bytes);
}

function base128(value: number): readonly number[] {
  const digits = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift(0x80 | (rest % 128));
  return digits;
}
