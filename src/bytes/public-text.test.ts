import { expect, it } from 'vitest';
import { toBase64, toBase64url, toHex } from './public-text.ts';

it.each([[], [0], [0xfb, 0xff], [0xfb, 0xff, 0xfe], [1, 2, 3, 4]])('writes %j as Node does', (...numbers) => {
  const bytes = Uint8Array.from(numbers.flat());
  const buffer = Buffer.from(bytes);
  expect(toHex(bytes)).toBe(buffer.toString('hex'));
  expect(toBase64(bytes)).toBe(buffer.toString('base64').replace(/=+$/, ''));
  expect(toBase64url(bytes)).toBe(buffer.toString('base64url'));
});
