import { expect, it } from 'vitest';
import type { Layout } from '../model/format.ts';
import { numberPhasesIn, numberPhasesOf, turnedWordsIn } from './number-phases.ts';

it.each([
  ['JAVA PROFILE 1.0.2\0\0\0\0\b', 8],
  ['go1.7 heap dump\n\x06\0', 8],
  ['\x7fELF\x02\x01\x01', 1],
  ['JAVA', 1],
  ['', 1],
] as const)('%j', (head, phases) => {
  expect(numberPhasesOf(Uint8Array.from(head, (char) => char.charCodeAt(0)))).toBe(phases);
});

it.each<[string, Partial<Layout> & { at?: [start: number, address: bigint][] }, number]>([
  ['64-bit memory', { pointerBytes: 8, at: [[4096, 0x7000n]] }, 1],
  ['32-bit memory', { pointerBytes: 4, at: [[4096, 0x7000n]] }, 2],
  [
    "gcore's 32-bit memory",
    {
      pointerBytes: 4,
      at: [
        [4100, 0x7000n],
        [8196, 0x9000n],
      ],
    },
    2,
  ],
  [
    'memory that is shifted by a word of 32 bits',
    {
      at: [
        [4096, 0x7000n],
        [8196, 0x9000n],
      ],
    },
    2,
  ],
  [
    'memory at any byte',
    {
      pointerBytes: 8,
      at: [
        [4096, 0x7000n],
        [8197, 0x9000n],
      ],
    },
    8,
  ],
  ['objects one after the other', { numbersUnaligned: true }, 8],
  ['what has no addresses', {}, 1],
])('%s', (_, { at = [], ...layout }, phases) => {
  const regions = at.map(([start, address]) => ({
    kind: 'memory' as const,
    label: '',
    start,
    end: start + 4096,
    address,
  }));
  expect(numberPhasesIn({ regions, gaps: [], ...layout })).toBe(phases);
});

it.each([
  ['little-endian memory', { bigEndian: false, pointerBytes: 8 }, []],
  ['big-endian memory', { bigEndian: true, pointerBytes: 8 }, [8, 4]],
  ['big-endian memory of 32 bits', { bigEndian: true, pointerBytes: 4 }, [4]],
  ['objects one after the other', { numbersUnaligned: true }, []],
  ['big-endian objects one after the other', { numbersUnaligned: true, bigEndian: true }, ['array']],
] as const)('words of %s', (_, layout, words) => {
  expect(turnedWordsIn({ regions: [], gaps: [], ...layout })).toEqual(words);
});
