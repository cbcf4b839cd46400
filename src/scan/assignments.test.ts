import { describe, expect, it } from 'vitest';
import { nameBefore, nameHolds, runBegins } from './assignments.ts';

const ascii = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const holds = (text: string, name: string): boolean => {
  const bytes = ascii(text);
  const at = text.indexOf('KEY=');
  return nameHolds(bytes, nameBefore(bytes, 0, at, 'bytes'), 1, 0, ascii(name));
};

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
    expect(nameHolds(wide, nameBefore(wide, 0, at, 'utf-16le'), 2, 0, ascii('DD_'))).toBe(true);
    const big = Uint8Array.from([0, ...wide]);
    expect(nameHolds(big, nameBefore(big, 0, at, 'utf-16be'), 2, 1, ascii('DD_'))).toBe(true);
  });
});

it('tells runs by what they begin with, or have before them', () => {
  expect(runBegins(ascii('"tok_abc'), 1, false, ascii('tok_'))).toBe(true);
  expect(runBegins(ascii('"ntok_abc'), 1, false, ascii('tok_'))).toBe(true);
  expect(runBegins(ascii('"abcdefgh_tok_'), 1, false, ascii('tok_'))).toBe(false);
  expect(runBegins(ascii('tok_0123'), 4, true, ascii('tok_'))).toBe(true);
  expect(runBegins(ascii('k_0123'), 2, true, ascii('tok_'))).toBe(false);
});
