import { closeSync, openSync, readSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { isAllCode, looksLikeCode } from './machine-code.ts';

const make = createMake('machine-code');

const PT_LOAD = 1;
const PF_X = 1;
const PT_GNU_EH_FRAME = 0x6474e550;

/** From the middle of the executable segment of this Node (ELF, 64 bits), or from behind the index of its unwind tables. */
function readBinary(length: number, part: 'code' | 'unwind'): Uint8Array {
  const binary = openSync(process.execPath, 'r');
  const read = (bytes: number, at: number): Buffer => {
    const buffer = Buffer.alloc(bytes);
    readSync(binary, buffer, 0, bytes, at);
    return buffer;
  };
  const header = read(64, 0);
  const headersAt = Number(header.readBigUInt64LE(0x20));
  const headers = Array.from({ length: header.readUInt16LE(0x38) }, (_, i) => read(56, headersAt + 56 * i));
  const segment = headers.find((entry) => {
    const [type, flags] = [entry.readUInt32LE(0), entry.readUInt32LE(4)];
    return part === 'code' ? type === PT_LOAD && (flags & PF_X) !== 0 : type === PT_GNU_EH_FRAME;
  })!;
  const [offset, size] = [Number(segment.readBigUInt64LE(8)), Number(segment.readBigUInt64LE(0x20))];
  const bytes = read(length, part === 'code' ? offset + Math.floor(size / 2) : offset + size);
  closeSync(binary);
  return bytes;
}

const hasCode = process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64');

describe('random bytes', () => {
  it.each([24, 32, 48, 66, 128])('of length %d are no code', (length) => {
    const all = make.bytes(length * 20_000);
    let taken = 0;
    for (let at = 0; at < all.length; at += length) {
      if (looksLikeCode(all, at, at + length) || isAllCode(all, at, at + length)) taken++;
    }
    expect(taken).toBe(0);
  });

  /** How many of 4,000 places in code can't hold a number of that length, with what is around it as far as `reach`. */
  function countTaken(length: number, reach: number): number {
    const code = readBinary(1_000_000, 'code');
    let taken = 0;
    for (let i = 0; i < 4000; i++) {
      const mixed = code.slice(240 * i, 240 * i + 512);
      const [start, end] = [192, 192 + length];
      mixed.set(make.bytes(length), start);
      if (isAllCode(mixed, start, end, { start: start - reach, end: end + reach })) taken++;
    }
    return taken;
  }

  it.runIf(hasCode)('are nearly always seen between code', () => {
    expect(countTaken(32, 192)).toBeLessThan(400);
    expect(countTaken(66, 192)).toBeLessThan(40);
    expect(countTaken(128, 192)).toBe(0);
  });

  it.runIf(hasCode)('are always seen where what is around them is no data', () => {
    expect(countTaken(32, 95)).toBe(0);
    expect(countTaken(32, 96)).toBeGreaterThan(0);
  });

  it('are seen as digits of 28 bits in words of 64', () => {
    for (let round = 0; round < 1000; round++) {
      const digits = make.bytes(592);
      const view = new DataView(digits.buffer, digits.byteOffset);
      for (let at = 0; at < digits.length; at += 8) {
        view.setUint32(at, 0);
        view.setUint32(at + 4, view.getUint32(at + 4, true) >>> 4, true);
      }
      expect(isAllCode(digits, 0, digits.length)).toBe(false);
    }
  });
});

/** Share of the pieces of 32 bytes that could be numbers of which `isCode` says that they are code. */
function shareOf(bytes: Uint8Array, isCode: (start: number, end: number) => boolean): number {
  let pieces = 0;
  let known = 0;
  for (let at = 128; at + 160 <= bytes.length; at += 32) {
    // Padding between functions is told by other means.
    if (new Set(bytes.subarray(at, at + 32)).size < 16) continue;
    pieces++;
    if (isCode(at, at + 32)) known++;
  }
  return known / pieces;
}

it.runIf(hasCode)('knows the code of this Node, more of it by what is around', () => {
  const code = readBinary(1_000_000, 'code');
  const alone = shareOf(code, (start, end) => looksLikeCode(code, start, end));
  expect(alone).toBeGreaterThan(0.8);
  const all = { start: 0, end: code.length };
  const missed = 1 - shareOf(code, (start, end) => isAllCode(code, start, end, all));
  expect(missed).toBeLessThan((1 - alone) / 2);
});

it.runIf(hasCode)('knows the unwind tables of this Node', () => {
  const tables = readBinary(500_000, 'unwind');
  expect(shareOf(tables, (start, end) => isAllCode(tables, start, end))).toBeGreaterThan(0.8);
});
