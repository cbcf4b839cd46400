import { describe, expect, it } from 'vitest';
import type { Encoding } from '../model/place.ts';
import { AssignedTargets, nameBefore, runBegins } from './assignments.ts';

const ascii = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
/** Which of the names the assignment whose `KEY=` is at `at` is for. */
function namesAt(bytes: Uint8Array, at: number, encoding: Encoding, names: readonly string[]): string[] {
  const targets = names.map((name, detector) => ({ detector, anchor: 0, encoding, assigned: ascii(name) }));
  const found = new AssignedTargets(targets, encoding).of(bytes, nameBefore(bytes, 0, at, encoding));
  return found.map(({ detector }) => names[detector]!);
}
const holds = (text: string, name: string): boolean =>
  namesAt(ascii(text), text.indexOf('KEY='), 'bytes', [name]).length === 1;

describe('names that are assigned to', () => {
  it.each([
    ['DD_API_KEY=1', 'DD_API_KEY'],
    ['export DD_API_KEY=1', 'DD_'],
    ['MY_DD_API_KEY=1', 'DD_API'],
    ['a.b-DD_KEY=1', 'DD_'],
  ])('%j begins with %j', (text, name) => expect(holds(text, name)).toBe(true));
  it.each([
    ['ADD_API_KEY=1', 'DD_'],
    ['DD_ API_KEY=1', 'DD_'],
    ['API_KEY=DD_1', 'DD_'],
  ])('%j does not begin with %j', (text, name) => expect(holds(text, name)).toBe(false));
  it('reads UTF-16 of either order', () => {
    const wide = Uint8Array.from([...ascii('x=\0DD_KEY=')].flatMap((char) => [char, 0]));
    const at = 2 * 'x=\0DD_'.length;
    expect(namesAt(wide, at, 'utf-16le', ['DD_', 'EE_'])).toEqual(['DD_']);
    const big = Uint8Array.from([0, ...wide]);
    expect(namesAt(big, at, 'utf-16be', ['DD_', 'EE_'])).toEqual(['DD_']);
  });
  it('names each once, and any name always', () => {
    expect(namesAt(ascii('DD_A_DD_KEY=1'), 8, 'bytes', ['DD_', '', 'EE_', 'A_', 'KEY=1 and more'])).toEqual([
      '',
      'DD_',
      'A_',
    ]);
  });
});

it('tells runs by what they begin with, or have before them', () => {
  expect(runBegins(ascii('"tok_abc'), 1, false, ascii('tok_'))).toBe(true);
  expect(runBegins(ascii('"ntok_abc'), 1, false, ascii('tok_'))).toBe(true);
  expect(runBegins(ascii('"abcdefgh_tok_'), 1, false, ascii('tok_'))).toBe(false);
  expect(runBegins(ascii('tok_0123'), 4, true, ascii('tok_'))).toBe(true);
  expect(runBegins(ascii('k_0123'), 2, true, ascii('tok_'))).toBe(false);
});
