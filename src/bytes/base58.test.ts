import { expect, it } from 'vitest';
import { base58check } from '../../corpus/encode/checksums.ts';
import { decodeBase58 } from './base58.ts';

const ascii = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
it.each([[[0, 0, 1]], [[0x80, ...new Array(32).fill(7)]], [[255, 254, 0, 1]]])('decodes %j', (bytes) => {
  const text = ascii(base58check(Uint8Array.from(bytes)));
  expect([...decodeBase58(text, 0, text.length)!.slice(0, -4)]).toEqual(bytes);
});

it('refuses other characters, and more than it can take', () => {
  expect(decodeBase58(ascii('0OIl'), 0, 4)).toBeUndefined();
  expect(decodeBase58(new Uint8Array(200).fill(0x32), 0, 200)).toBeUndefined();
});
