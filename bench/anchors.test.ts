import { expect, test } from 'vitest';
import type { Plan, PlannedAnchor } from '../src/kernel/plan.ts';
import { lengthPrefixed, peerLiterals, ripgrepPatterns, yaraRule } from './anchors.ts';

const anchor = (hex: string): PlannedAnchor => {
  const pairs = hex.split(' ');
  return {
    bytes: Uint8Array.from(pairs, (pair) => (pair === '??' ? 0 : Number.parseInt(pair, 16))),
    mask: Uint8Array.from(pairs, (pair) => (pair === '??' ? 0 : 0xff)),
    targets: [],
  };
};
const plan = (...anchors: PlannedAnchor[]): Plan => ({ anchors, reachBytes: 0 });
const literals = (...anchors: PlannedAnchor[]) => peerLiterals(plan(...anchors)).map((bytes) => [...bytes]);

test('an anchor with wildcards becomes its longest fixed stretch', () => {
  expect(literals(anchor('30 82 ?? ?? 02 01 00 02'))).toEqual([[2, 1, 0, 2]]);
});

test('a literal stops at a line feed, which ripgrep can not match', () => {
  expect(literals(anchor('41 42 43 44 0a 45 46 47'))).toEqual([[0x41, 0x42, 0x43, 0x44]]);
});

test('repeated literals, stretches under three bytes and dense tests are left out', () => {
  const dense: PlannedAnchor = { ...anchor('41 42 43'), dense: 'base64-run' };
  expect(literals(anchor('41 42 43'), anchor('41 42 43 ??'), anchor('41 42 ?? 43'), dense)).toEqual([
    [0x41, 0x42, 0x43],
  ]);
});

test('pattern files spell each byte', () => {
  const bytes = [Uint8Array.of(0x41, 0x00, 0xff), Uint8Array.of(0x0d, 0x24, 0x5c)];
  expect([...lengthPrefixed(bytes)]).toEqual([3, 0, 0x41, 0, 0xff, 3, 0, 0x0d, 0x24, 0x5c]);
  expect(ripgrepPatterns(bytes)).toBe('(?-u)\\x41\\x00\\xff\n(?-u)\\x0d\\x24\\x5c\n');
  expect(yaraRule(bytes)).toContain('$a0 = { 41 00 ff }\n    $a1 = { 0d 24 5c }\n');
});
