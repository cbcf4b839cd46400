import { expect, test } from 'vitest';
import type { Measurement } from './measure.ts';
import { checkTargets, formatTable, formatTargets, spread, summarize } from './summary.ts';

const run = (wallSeconds: number, peakBytes = 100e6): Measurement => ({
  wallSeconds,
  cpuSeconds: wallSeconds,
  peakBytes,
  exitCode: 0,
  stdout: '',
});

test('the median of an even number of values lies between the two in the middle', () => {
  expect(spread([4, 1, 3, 2])).toEqual({ min: 1, median: 2.5, max: 4 });
  expect(spread([5])).toEqual({ min: 5, median: 5, max: 5 });
});

test('ratios are taken within a round: noise that slows a whole round cancels out', () => {
  const rounds = new Map([
    ['cat', [run(1), run(3), run(1)]],
    ['scan-2', [run(2), run(6), run(2)]],
  ]);
  const [, scan] = summarize(rounds, 8e9);
  expect(scan?.ratioToCat).toEqual({ min: 0.5, median: 0.5, max: 0.5 });
  expect(scan?.gigabytesPerSecond).toBe(4);
});

test('targets say by how much they are met or missed', () => {
  const rounds = new Map([
    ['cat', [run(0.9)]],
    ['ripgrep', [run(8)]],
    ['scan-2', [run(2, 400e6)]],
  ]);
  expect(checkTargets(rounds).map(({ target, met }) => [target, met])).toEqual([
    ['at least 0.45 times cat', true],
    ['at least 8 times ripgrep', false],
    ['memory below 300 MB', false],
  ]);
  expect(formatTargets(checkTargets(rounds))).toContain(
    'MISSED  scan-2 at least 8 times ripgrep: 4.00 (short by 50 %)',
  );
});

test('without the scanner there is nothing to check, without cat there are no ratios', () => {
  const rounds = new Map([['ripgrep', [run(2)]]]);
  expect(checkTargets(rounds)).toEqual([]);
  expect(formatTable(summarize(rounds, 1e9))).toMatch(/\| ripgrep +\| +2\.00 \|.*\| +- \|/);
});
