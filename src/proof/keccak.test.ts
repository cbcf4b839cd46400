import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { keccak256 } from './keccak.ts';

const make = createMake('keccak');
const SHA3_PADDING = 6;

it.each([0, 1, 32, 135, 136, 137, 300])('is SHA-3 but for its padding, of %d bytes', (length) => {
  const message = make.bytes(length);
  const expected = createHash('sha3-256').update(message).digest('hex');
  expect(make.hex(keccak256(message, SHA3_PADDING))).toBe(expected);
});

it('gives the published digest of no bytes', () => {
  const expected = 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470';
  expect(make.hex(keccak256(new Uint8Array(0)))).toBe(expected);
});
