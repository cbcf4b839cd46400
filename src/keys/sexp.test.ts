import { expect, it, test } from 'vitest';
import { latin1 } from '../bytes/reader.ts';
import { readSexpKey } from './sexp.ts';

const read = (text: string, syntax: 'canonical' | 'advanced' = 'advanced') => readSexpKey(latin1(text), 0, syntax);
const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

it('reads hex with blanks, strings and words', () => {
  const key = read('(private-key (ecc (curve "NIST P-256")\n (d #00 0a\n  FF#)(q "ab")))tail');
  expect(key?.parts).toEqual({
    type: 'ec',
    numbers: { curve: 'P-256', scalar: bytes(0x0a, 0xff), point: latin1('ab') },
  });
  expect(key).toMatchObject({ start: 0, end: 66 });
});

it('reads the canonical form', () => {
  expect(read('(11:private-key(3:ecc(5:curve9:secp256k1)(1:d2:ab)))', 'canonical')?.parts).toEqual({
    type: 'ec',
    numbers: { curve: 'secp256k1', scalar: latin1('ab'), point: undefined },
  });
});

it('reverses the number of Curve25519, and puts leading zeros back', () => {
  const parts = read('(private-key (ecc (curve Curve25519)(d #0102#)))')?.parts;
  expect(parts).toMatchObject({ type: 'okp', numbers: { curve: 'X25519' } });
  const { privateKey } = (parts as { numbers: { privateKey: Uint8Array } }).numbers;
  expect(Array.from(privateKey.subarray(0, 3))).toEqual([2, 1, 0]);
  expect(privateKey).toHaveLength(32);
});

test.each([
  ['an unknown algorithm', '(private-key (abc (d #01#)))'],
  ['no private number', '(private-key (ecc (curve Ed25519)(q #01#)))'],
  ['a number that is too long', `(private-key (ecc (curve Ed25519)(d #${'ab'.repeat(33)}#)))`],
  ['a key that is protected with too few bytes', '(protected-private-key (rsa (n #01#)(protected x #01#)))'],
  ['an open end', '(private-key (ecc (d #01'],
  ['deep lists', '('.repeat(300)],
])('refuses: %s', (_, text) => {
  expect(read(text)).toBeUndefined();
});

it('takes no length beyond the bytes', () => {
  expect(read('(11:private-key(3:ecc(1:d9999:ab', 'canonical')).toBeUndefined();
});
