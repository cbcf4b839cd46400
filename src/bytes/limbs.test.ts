import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { bigintFromBe, bigintFromDigits, bigintFromLe, bigintToBe, bitLength } from './limbs.ts';

const make = createMake('limbs');

describe.each([0, 1, 7, 8, 9, 15, 16, 17, 32, 128, 257])('%i bytes', (length) => {
  const bytes = make.bytes(length);
  const value = BigInt(`0x${make.hex(bytes) || '0'}`);

  it('become a number and bytes again', () => {
    expect(bigintFromBe(bytes)).toBe(value);
    expect(bigintFromLe(bytes.slice().reverse())).toBe(value);
    expect(bigintToBe(value, length)).toEqual(bytes);
    expect(bigintToBe(value)).toEqual(make.be(value));
  });

  it('are read from the middle of others, and left as they were', () => {
    const around = make.concat(make.bytes(3), bytes, make.bytes(5));
    const before = around.slice();
    expect(bigintFromBe(around, 3, 3 + length)).toBe(value);
    expect(bigintFromLe(around, 3, 3 + length)).toBe(bigintFromBe(bytes.slice().reverse()));
    expect(around).toEqual(before);
  });
});

it('reads decimal and hex digits', () => {
  const value = 3n ** 500n;
  const text = Uint8Array.from(`D:+${value}}`, (char) => char.charCodeAt(0));
  expect(bigintFromDigits(text, 3, text.length - 1, 10)).toBe(value);
  expect(bigintFromDigits(text, 3, 3, 10)).toBe(0n);
  for (const hex of [value.toString(16), value.toString(16).toUpperCase()]) {
    const digits = Uint8Array.from(`0x${hex};`, (char) => char.charCodeAt(0));
    expect(bigintFromDigits(digits, 2, digits.length - 1, 16)).toBe(value);
  }
});

it('pads in front', () => {
  expect(bigintToBe(0x0102n, 20)).toEqual(make.be(0x0102n, 20));
  expect(bigintToBe(0n)).toEqual(new Uint8Array(0));
  expect(bigintToBe(0n, 3)).toEqual(new Uint8Array(3));
});

it.each([0, 1, 2, 63, 64, 65, 512, 2048, 4095, 4096, 4097, 16_384])('counts %i bits', (bits) => {
  const power = 1n << BigInt(bits);
  expect(bitLength(power - 1n)).toBe(bits);
  expect(bitLength(power)).toBe(bits + 1);
});
