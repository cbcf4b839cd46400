import { expect, test } from 'vitest';
import { decodeBech32 } from './bech32.ts';
import { latin1 } from './reader.ts';

const decode = (prefix: string, data: string) => decodeBech32(prefix, latin1(data), 0, data.length);

test.each([
  // BIP 173, test vectors; the last has 32 characters that count from 0 to 31.
  ['a', '2uel5l', []],
  ['an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio', 'tt5tgs', []],
  ['abcdef', 'qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw', [0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf]],
])('decodes %s1%s', (prefix, data, start) => {
  const decoded = decode(prefix, data);
  expect(Array.from(decoded ?? []).slice(0, 10)).toEqual(start);
  expect(decoded).toBeDefined();
  expect(decode(prefix.toUpperCase(), data.toUpperCase())).toEqual(decoded);
});

test.each([
  ['a', '2uel5m', 'wrong checksum'],
  ['b', '2uel5l', 'other prefix'],
  ['a', '2ub15l', 'characters outside of the alphabet'],
  ['a', '2uel5', 'too short'],
])('refuses %s1%s: %s', (prefix, data) => {
  expect(decode(prefix, data)).toBeUndefined();
});

test('stays within the bytes', () => {
  expect(decodeBech32('a', latin1('2uel5'), 0, 6)).toBeUndefined();
});
