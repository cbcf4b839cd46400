import { describe, expect, it } from 'vitest';
import { createRng } from '../../corpus/rng.ts';
import { outlineJson } from './json-outline.ts';
import { latin1 } from './reader.ts';

const outline = (text: string, depth = 2) => {
  const { members, ...rest } = outlineJson(latin1(text), 0, depth);
  return { ...rest, members: members.map(({ path, start, end }) => [path, text.slice(start, end)]) };
};

describe('outlineJson', () => {
  it('gives members down to a depth, in order', () => {
    expect(outline('{"a": 1, "b": {"c": [true, {"d": 2}], "e": "x"}, "f": []} rest')).toEqual({
      members: [
        ['a', '1'],
        ['b', '{"c": [true, {"d": 2}], "e": "x"}'],
        ['b.c', '[true, {"d": 2}]'],
        ['b.e', '"x"'],
        ['f', '[]'],
      ],
      end: 57,
      complete: true,
    });
  });

  it('numbers elements, and is not misled by what is in strings', () => {
    const { members } = outline(String.raw`["}\"]", {"k\"": "\\"}, -1.5e3]`);
    expect(members).toEqual([
      ['0', String.raw`"}\"]"`],
      ['1', String.raw`{"k\"": "\\"}`],
      [String.raw`1.k\"`, String.raw`"\\"`],
      ['2', '-1.5e3'],
    ]);
  });

  it('gives what is there when it is cut off', () => {
    expect(outline('{"a": {"b": "un')).toEqual({
      members: [
        ['a', '{"b": "un'],
        ['a.b', '"un'],
      ],
      end: 15,
      complete: false,
    });
    expect(outline('nothing').complete).toBe(false);
  });

  it('ends on anything', () => {
    const rng = createRng('outline');
    const alphabet = latin1('{}[]",:\\ 1a\n');
    for (let i = 0; i < 2000; i++) {
      const bytes = rng.bytes(rng.int(80)).map((byte) => alphabet[byte % alphabet.length]!);
      const { members, end } = outlineJson(bytes, 0, 3);
      expect(end).toBeLessThanOrEqual(bytes.length);
      expect(members.every((member) => member.start <= member.end && member.end <= bytes.length)).toBe(true);
    }
  });

  it('is linear in nesting and quotes', () => {
    const begun = performance.now();
    outlineJson(new Uint8Array(2_000_000).fill(0x5b), 0, 3);
    outlineJson(new Uint8Array(2_000_000).fill(0x22), 0, 3);
    outlineJson(latin1(`"${'\\'.repeat(1_000_000)}`), 0, 3);
    outlineJson(latin1(`["${'\\"'.repeat(500_000)}`), 0, 3);
    expect(performance.now() - begun).toBeLessThan(3000);
  });
});
