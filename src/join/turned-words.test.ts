import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { createWindow, type LeadWindow } from './join.ts';
import { turnWords } from './turned-words.ts';

const make = createMake('turned-words');

/** A window of `data` behind `before`. */
function windowOf(before: Uint8Array, data: Uint8Array): LeadWindow {
  const around = make.concat(new Uint8Array(16 - before.length), before, data, new Uint8Array(16));
  return createWindow({ kind: 'number', encoding: 'bytes', start: 101, end: 101 + data.length }, around, 16);
}

const reversed = (bytes: Uint8Array, step: number): number[] =>
  Array.from(bytes, (_, i) => bytes[i - (i % step) + step - 1 - (i % step)]!);

describe('turned words', () => {
  it.each([4, 8] as const)('turns %i bytes round wherever they lie', (step) => {
    const data = make.bytes(64);
    const [turned] = turnWords([windowOf(new Uint8Array(8), data)], step);
    expect([...turned!.bytes]).toEqual(reversed(data, step));
    expect(turned!.lead).toMatchObject({ start: 101, end: 165 });
  });

  it.each([
    ['ints', 10, 4],
    ['longs', 11, 8],
  ])('turns the elements of an array of %s in a heap dump of Java', (_, type, step) => {
    const data = make.bytes(32);
    const header = Uint8Array.of(0, 0, 0, 32 / step, type);
    const [turned, ...others] = turnWords([windowOf(header, data)], 'array');
    expect([...turned!.bytes]).toEqual(reversed(data, step));
    expect([...turned!.around.subarray(11, 16)]).toEqual([...header]);
    expect(others).toEqual([]);
  });

  it('takes all of an array, of which the run ends before its last element', () => {
    const data = make.bytes(64);
    const window = windowOf(Uint8Array.of(0, 0, 0, 17, 10), data);
    const [turned] = turnWords([window], 'array');
    expect(turned!.bytes.length).toBe(68);
    expect(turned!.lead.end).toBe(101 + 68);
  });

  it.each([
    ['bytes', Uint8Array.of(0, 0, 0, 32, 8)],
    ['what has no header', new Uint8Array(8)],
    ['an array that is shorter', Uint8Array.of(0, 0, 0, 4, 10)],
    ['an array that is longer', Uint8Array.of(0, 0, 1, 0, 10)],
  ])('leaves %s alone', (_, header) => {
    expect(turnWords([windowOf(header, make.bytes(32))], 'array')).toEqual([]);
  });

  it('leaves long arrays alone, and thins out very many', () => {
    const header = Uint8Array.of(0, 0, 1, 4, 10);
    expect(turnWords([windowOf(header, make.bytes(1040))], 'array')).toEqual([]);
    const one = windowOf(Uint8Array.of(0, 0, 0, 8, 10), make.bytes(32));
    const turned = turnWords(Array(80_000).fill(one), 'array');
    expect(turned.length).toBe(40_000);
    // Of those alike: the few others all stay.
    const rare = windowOf(Uint8Array.of(0, 0, 0, 12, 10), make.bytes(48));
    const mixed = turnWords(
      Array.from({ length: 80_001 }, (_, i) => (i === 40_001 ? rare : one)),
      'array',
    );
    expect(mixed.filter(({ bytes }) => bytes.length === 48)).toHaveLength(1);
  });
});
