import { closeSync, openSync, readSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { isAllCode, looksLikeCode } from './machine-code.ts';

const make = createMake('machine-code');

const PT_LOAD = 1;
const PF_X = 1;

/** From the middle of the executable segment of this Node (ELF, 64 bits). */
function readCode(length: number): Uint8Array {
  const binary = openSync(process.execPath, 'r');
  const read = (bytes: number, at: number): Buffer => {
    const buffer = Buffer.alloc(bytes);
    readSync(binary, buffer, 0, bytes, at);
    return buffer;
  };
  const header = read(64, 0);
  const headersAt = Number(header.readBigUInt64LE(0x20));
  const headers = Array.from({ length: header.readUInt16LE(0x38) }, (_, i) => read(56, headersAt + 56 * i));
  const code = headers.find((entry) => entry.readUInt32LE(0) === PT_LOAD && (entry.readUInt32LE(4) & PF_X) !== 0)!;
  const middle = Number(code.readBigUInt64LE(8)) + Math.floor(Number(code.readBigUInt64LE(0x20)) / 2);
  const bytes = read(length, middle);
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

  it.runIf(hasCode)('are seen between code', () => {
    const code = readCode(4096);
    for (let at = 0; at + 32 <= code.length; at += 8) {
      const mixed = Uint8Array.from(code);
      mixed.set(make.bytes(32), at);
      expect(isAllCode(mixed, 0, mixed.length)).toBe(false);
    }
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

it.runIf(hasCode)('knows the code of this Node', () => {
  const code = readCode(1_000_000);
  let pieces = 0;
  let known = 0;
  for (let at = 0; at + 32 <= code.length; at += 32) {
    // Padding between functions is told by other means.
    if (new Set(code.subarray(at, at + 32)).size < 16) continue;
    pieces++;
    if (looksLikeCode(code, at, at + 32)) known++;
  }
  expect(known / pieces).toBeGreaterThan(0.8);
});
