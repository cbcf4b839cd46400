import { expect, it } from 'vitest';
import { crc32 } from './crc32.ts';
import { latin1 } from './reader.ts';

it('gives the check values of the catalogue of CRC algorithms', () => {
  expect(crc32(latin1('123456789'))).toBe(0xcbf43926);
  expect(crc32(latin1('x123456789x'), 1, 10)).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0))).toBe(0);
});
