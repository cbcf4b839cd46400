import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../corpus/encode/byte-writer.ts';
import { countingInput } from '../../../test/support/plugin-contract.ts';
import { Fields } from '../../bytes/fields.ts';
import { InputReader } from '../../bytes/random-reader.ts';
import { auxiliaryValue, readInitialStrings } from './initial-stack.ts';
import { Memory } from './memory.ts';

const END = 0x7fff_0000_0000n;
const SIZE = 8192;
const STRINGS_AT = SIZE - 512;
const VECTOR = [33, 0x7fff_1000, 51, 0xd30, 16, 0x178b_fbff, 6, 4096, 17, 100, 31, 0x7ffe_ffff_fff0, 0, 0];

/** A stack with two arguments and two variables; `pointers` are those of the variables, `count` is argc. */
async function strings({ pointers = [24, 35], count = 2, vector = true, pageBytes = 4096 } = {}) {
  const entries = VECTOR.with(7, pageBytes);
  const words = [count, 0, 8, undefined, ...pointers, undefined].map((offset, i) =>
    offset === undefined ? 0 : i === 0 || offset > SIZE ? offset : Number(END) - SIZE + STRINGS_AT + offset,
  );
  const auxiliary = new ByteWriter().u64(...entries).finish();
  const stack = new ByteWriter()
    .zeros(4096)
    .u64(...words)
    .bytes(auxiliary)
    .to(STRINGS_AT);
  stack.text('service\0--port=8080\0\0\0\0\0HOME=/root\0STAGE=test\0').to(SIZE);
  const stored = { start: 0, end: SIZE, address: END - BigInt(SIZE), kind: 'memory', label: 'memory' } as const;
  const memory = new Memory([stored], new InputReader(countingInput(stack.finish())));
  const copy = vector ? new Fields(auxiliary, true) : undefined;
  const found = await readInitialStrings(memory, copy, true, 8, END - BigInt(SIZE), END);
  return found
    .filter(({ start, end }) => start < end)
    .map(({ start, end, label }) => [Number(start - END) + SIZE, Number(end - END) + SIZE, label]);
}

const BOTH = [
  [STRINGS_AT, STRINGS_AT + 24, 'command line'],
  [STRINGS_AT + 24, SIZE, 'environment'],
];

describe('readInitialStrings', () => {
  it('finds the strings by the copy of the auxiliary vector', async () => {
    expect(await strings()).toEqual(BOTH);
  });

  it('finds them without a copy, by the usual entries', async () => {
    expect(await strings({ vector: false })).toEqual(BOTH);
    expect(await strings({ vector: false, pageBytes: 65_536 })).toEqual(BOTH);
    expect(await strings({ vector: false, pageBytes: 5000 })).toEqual([]);
  });

  it('says less where the program moved its environment', async () => {
    expect(await strings({ pointers: [0x5555_0000_0000, 0x5555_0000_0100] })).toEqual([
      [STRINGS_AT, SIZE, 'command line and environment'],
    ]);
  });

  it('takes an empty environment', async () => {
    expect(await strings({ pointers: [] })).toEqual([[STRINGS_AT, SIZE, 'command line']]);
  });

  it('goes by the file name where the number of arguments contradicts', async () => {
    expect(await strings({ count: 7, vector: false })).toEqual([]);
    expect((await strings({ count: 7 })).map(([, end, label]) => [end, label])).toEqual([
      [SIZE, 'command line and environment'],
    ]);
  });
});

it('reads entries of the vector up to its end', () => {
  const vector = new Fields(new ByteWriter(false).u32(6, 4096, 0, 0, 9, 1).finish(), false);
  expect(auxiliaryValue(vector, 4, 6)).toBe(4096n);
  expect(auxiliaryValue(vector, 4, 9)).toBeUndefined();
});
