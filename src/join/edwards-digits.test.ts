import { expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { writeEdwardsDigits } from './edwards-digits.ts';

const make = createMake('edwards-digits');

/** The number that digits of so many bits each, repeated, stand for. */
function read(bytes: Uint8Array, wordBytes: 4 | 8, bits: readonly number[]): bigint {
  const view = new DataView(bytes.buffer);
  let value = 0n;
  for (let at = 0, i = 0, from = 0n; at < bytes.length; at += wordBytes, i++) {
    const digit = wordBytes === 4 ? BigInt(view.getUint32(at, true)) : view.getBigUint64(at, true);
    const width = BigInt(bits[i % bits.length]!);
    expect(digit).toBeLessThan(1n << width);
    value += digit << from;
    from += width;
  }
  return value;
}

const littleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${make.hex(bytes.slice().reverse())}`);

it('writes the y of points on Ed25519', () => {
  for (const { x: publicKey } of Array.from({ length: 8 }, () => make.okp('Ed25519'))) {
    const y = littleEndian(publicKey) % 2n ** 255n;
    const [ref10, bouncyCastle, wide] = writeEdwardsDigits('Ed25519', publicKey);
    expect([ref10, bouncyCastle, wide].map((form) => form!.length)).toEqual([40, 40, 40]);
    expect(read(ref10!, 4, [26, 25])).toBe(y);
    expect(read(bouncyCastle!, 4, [26, 26, 25, 26, 25])).toBe(y);
    expect(read(wide!, 8, [51])).toBe(y);
  }
});

it('writes the y of points on Ed448', () => {
  const { x: publicKey } = make.okp('Ed448');
  const y = littleEndian(publicKey.subarray(0, 56));
  const [narrow, wide] = writeEdwardsDigits('Ed448', publicKey);
  expect([narrow!.length, wide!.length]).toEqual([64, 64]);
  expect(read(narrow!, 4, [28])).toBe(y);
  expect(read(wide!, 8, [56])).toBe(y);
});

it('writes nothing of keys that are no points', () => {
  expect(writeEdwardsDigits('X25519', make.bytes(32))).toEqual([]);
  expect(writeEdwardsDigits('X448', make.bytes(56))).toEqual([]);
});
