import { expect, it } from 'vitest';
import { bisect } from './bisect.ts';

it('finds where a predicate begins to hold', () => {
  for (let count = 0; count < 9; count++) {
    for (let first = 0; first <= count; first++) expect(bisect(count, (i) => i >= first)).toBe(first);
  }
});
