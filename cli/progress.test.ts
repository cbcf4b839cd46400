import { expect, it } from 'vitest';
import { progressLine } from './progress.ts';

const GIB = 1024 ** 3;

it.each([
  ['half way', [GIB, 2 * GIB, 1, 1000], '50 %  1.0 GiB of 2.0 GiB  1.0 GiB/s  1.00 s left  1 found'],
  ['more done than listed', [3 * GIB, 2 * GIB, 0, 1000], '100 %  2.0 GiB of 2.0 GiB  3.0 GiB/s  0 found'],
  ['a stream', [GIB, 0, 0, 2000], '0 %  1.0 GiB  512 MiB/s  0 found'],
  ['the very start', [0, 0, 0, 0], '0 %  0 B  0 B/s  0 found'],
] as const)('%s', (_, [done, total, findings, elapsedMs], text) => {
  const line = progressLine(done, total, findings, elapsedMs);
  expect(line).toContain(text);
  expect(line.length).toBeLessThan(100);
});
