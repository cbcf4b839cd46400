import { expect, test } from 'vitest';
import { createRng } from './rng.ts';
import { plant, SURROUNDINGS, surroundings } from './wraps.ts';

test.each(SURROUNDINGS)('%s: the planted bytes lie where they should, the rest is as without them', (kind) => {
  const planted = Uint8Array.of(1, 2, 3, 4);
  const length = 100_000;
  const without = surroundings(kind, length, createRng('wraps.test'));
  const bytes = plant(planted, { kind, length, at: 54_321 }, createRng('wraps.test'));
  expect(without).toHaveLength(length);
  expect(bytes.subarray(54_321, 54_325)).toEqual(planted);
  without.set(planted, 54_321);
  expect(bytes).toEqual(without);
});

test('what does not fit is refused', () => {
  const where = { kind: 'zeros', length: 10, at: 8 } as const;
  expect(() => plant(Uint8Array.of(1, 2, 3), where, createRng('wraps.test'))).toThrow(RangeError);
});
