import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { looksRandom, shannonEntropy } from './entropy.ts';

const make = createMake('entropy');

it('measures bits per byte', () => {
  expect(shannonEntropy(new Uint8Array(64))).toBe(0);
  expect(shannonEntropy(Uint8Array.from({ length: 256 }, (_, i) => i))).toBe(8);
  expect(shannonEntropy(make.ascii('xxabab'), 2)).toBe(1);
  expect(shannonEntropy(new Uint8Array(0))).toBe(0);
});

describe('looksRandom', () => {
  it.each([16, 24, 28, 32, 48, 57, 64, 66])('accepts random strings of %i bytes', (length) => {
    for (let round = 0; round < 5000; round++) expect(looksRandom(make.bytes(length))).toBe(true);
  });

  it.each([
    ['too short', make.bytes(15)],
    ['zeros', new Uint8Array(32)],
    ['a counter', Uint8Array.from({ length: 32 }, (_, i) => i)],
    ['ASCII', make.ascii('ed25519 private key has bad size')],
    ['hex', make.ascii(make.hex(make.bytes(16)))],
    ['base64', make.ascii(make.base64(make.bytes(24)))],
    ['UTF-16', make.utf16le(make.text(16))],
    [
      'pointers',
      Uint8Array.from({ length: 32 }, (_, i) => [make.int(256), make.int(256), 0x3a, 0x7f, 0x55, 0x55, 0, 0][i % 8]!),
    ],
    ['small words', Uint8Array.from({ length: 32 }, (_, i) => (i % 4 === 0 ? make.int(256) : 0))],
    ['the top bit always set', make.bytes(32).map((byte) => byte | 0x80)],
    ['a stretch of one byte', make.concat(make.bytes(14), new Uint8Array(4), make.bytes(14))],
    [
      'a repeated half',
      make.concat(...Array.from({ length: 4 }, () => Uint8Array.of(7, 99, 200, 31, 150, 66, 18, 233))),
    ],
  ])('refuses: %s', (_, bytes) => {
    expect(looksRandom(bytes)).toBe(false);
  });

  it('looks at the given part only', () => {
    const bytes = make.concat(new Uint8Array(8), make.bytes(32), new Uint8Array(8));
    expect(looksRandom(bytes, 8, 40)).toBe(true);
    expect(looksRandom(bytes)).toBe(false);
  });
});
