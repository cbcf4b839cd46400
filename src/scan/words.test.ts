import { expect, it } from 'vitest';
import type { Layout, LayoutRegion } from '../model/format.ts';
import { turnedWordsIn, type Words, wordStartsIn, wordsIn, wordsOf } from './words.ts';

it.each([
  ['JAVA PROFILE 1.0.2\0\0\0\0\b', 'hprof'],
  ['go1.7 heap dump\n\x06\0', 'go'],
  ['\x7fELF\x02\x01\x01', 1],
  ['JAVA', 1],
  ['', 1],
] as const)('%j', (head, phases) => {
  expect(wordsOf(Uint8Array.from(head, (char) => char.charCodeAt(0)))).toEqual({ phases, shifts: [] });
});

const regionsAt = (at: readonly (readonly [start: number, address: bigint])[]): LayoutRegion[] =>
  at.map(([start, address]) => ({ kind: 'memory', label: '', start, end: start + 4096, address }));

it.each<[string, Partial<Layout> & { at?: [start: number, address: bigint][] }, Words]>([
  ['64-bit memory', { pointerBytes: 8, at: [[4096, 0x7000n]] }, { phases: 1, shifts: [] }],
  ['32-bit memory', { pointerBytes: 4, at: [[4096, 0x7000n]] }, { phases: 2, shifts: [] }],
  [
    "gcore's 32-bit memory",
    { pointerBytes: 4, at: [[4100, 0x7000n]] },
    { phases: 2, shifts: [{ start: 4100, shift: 4 }] },
  ],
  [
    'memory at any byte',
    {
      pointerBytes: 8,
      at: [
        [4096, 0x7000n],
        [8197, 0x9000n],
        [16_389, 0xb000n],
        [20_480, 0xd003n],
        [32_768, 0xf000n],
      ],
    },
    {
      phases: 1,
      shifts: [
        { start: 8197, shift: 5 },
        { start: 32_768, shift: 0 },
      ],
    },
  ],
  ['objects one after the other', { objects: 'go', at: [[3, 0n]] }, { phases: 'go', shifts: [] }],
  ['what has no addresses', {}, { phases: 1, shifts: [] }],
])('%s', (_, { at = [], ...layout }, words) => {
  expect(wordsIn({ regions: regionsAt(at), gaps: [], ...layout })).toEqual(words);
});

it.each([
  ['aligned', 4096, 8192, []],
  ['from a byte that is none of theirs', 4099, 8192, [4104]],
  ['up to a change', 4096, 8197, []],
  ['over a change', 4096, 8210, [8197]],
  ['behind a change', 12_288, 16_384, [12_293]],
  ['over a change within a word', 8205, 20_486, [20_480]],
  ['over all', 0, 40_000, [8197, 20_480, 32_774]],
])('where words begin: %s', (_, start, end, starts) => {
  const shifts = [
    { start: 8197, shift: 5 },
    { start: 20_475, shift: 0 },
    { start: 32_768, shift: 6 },
  ];
  expect(wordStartsIn(shifts, { start, end })).toEqual(starts);
});

it.each([
  ['little-endian memory', { bigEndian: false, pointerBytes: 8 }, []],
  ['big-endian memory', { bigEndian: true, pointerBytes: 8 }, [8, 4]],
  ['big-endian memory of 32 bits', { bigEndian: true, pointerBytes: 4 }, [4]],
  ['objects one after the other', { objects: 'hprof' }, []],
  ['big-endian objects one after the other', { objects: 'hprof', bigEndian: true }, ['array']],
] as const)('words of %s', (_, layout, words) => {
  expect(turnedWordsIn({ regions: [], gaps: [], ...layout })).toEqual(words);
});
