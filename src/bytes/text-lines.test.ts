import { describe, expect, it } from 'vitest';
import { inputOf } from '../../test/support/containers.ts';
import { latin1 } from './reader.ts';
import { readLines } from './text-lines.ts';

async function linesOf(text: string, sequential = false): Promise<[number, string][]> {
  const lines: [number, string][] = [];
  const end = await readLines(inputOf(latin1(text), { sequential }), 2 ** 30, (line, at) => {
    lines.push([at, Buffer.from(line).toString('latin1')]);
    return undefined;
  });
  expect(end).toBe(text.length);
  return lines;
}

describe('readLines', () => {
  it('gives lines with their places, whatever ends them', async () => {
    expect(await linesOf('a\r\n\nbc\n\r\nlast')).toEqual([
      [0, 'a'],
      [3, ''],
      [4, 'bc'],
      [7, ''],
      [9, 'last'],
    ]);
    expect(await linesOf('')).toEqual([]);
  });

  it.each([false, true])('reads over the ends of windows, sequential %s', async (sequential) => {
    const lines = Array.from({ length: 3000 }, (_, i) => 'x'.repeat((i * 37) % 400) + i);
    const read = await linesOf(`${lines.join('\n')}\n`, sequential);
    expect(read.map(([, line]) => line)).toEqual(lines);
  });

  it('gives a very long line in pieces, and stops when told', async () => {
    const long = 'y'.repeat(2_500_000);
    const read = await linesOf(`${long}\nz`);
    expect(read.map(([, line]) => line).join('')).toBe(`${long}z`);
    let count = 0;
    expect(await readLines(inputOf(latin1('a\nb\nc\n')), 100, () => ++count < 2)).toBe(2);
  });
});
