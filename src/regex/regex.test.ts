import { MatcherInput, RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../corpus/rng.ts';
import { createRegex, type Regex } from './regex.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function regex(source: string): Regex {
  const made = createRegex(source);
  if (typeof made === 'string') throw new Error(made);
  return made;
}

function findAll(source: string, bytes: Uint8Array): number[][] {
  const made = regex(source);
  const found: number[][] = [];
  for (let at = 0; at <= bytes.length; ) {
    const match = made.find(bytes, at, bytes.length, { start: 0, end: bytes.length });
    if (!match) break;
    found.push([...match]);
    at = Math.max(match[1]!, match[0]! + 1);
  }
  return found;
}

/** The same by re2js' own matcher. */
function findAllByRe2js(source: string, bytes: Uint8Array): number[][] {
  const compiled = RE2JS.compile(source);
  const matcher = compiled.matcher(MatcherInput.utf8(bytes));
  const found: number[][] = [];
  for (let at = 0; at <= bytes.length && matcher.find(at); ) {
    const groups = Array.from({ length: compiled.groupCount() + 1 }, (_, g) => [matcher.start(g), matcher.end(g)]);
    found.push(groups.flat());
    at = Math.max(matcher.end(), matcher.start() + 1);
  }
  return found;
}

describe('find', () => {
  it.each([
    ['a|ab', 'xab'],
    ['(a|ab)(c|bcd)(d*)', 'abcd'],
    ['(a*?)(b*)', 'aab'],
    ['(?m)^(\\w+)$', 'one\ntwo three\nfour'],
    ['\\b\\w{2}\\b', 'a bc def gh'],
    ['(?i)straße', 'STRAßE Straße'],
    ['(?i)k', 'kK\u212a'],
    ['[^a]', 'aéa\u{1f600}'],
    ['(?s).', 'é\n'],
    ['x*', 'axxb'],
    ['(?:(a)|b)+', 'abab'],
    ['a{2,3}?', 'aaaaaa'],
  ])('says the same as re2js for %s', (source, text) => {
    expect(findAll(source, encode(text))).toEqual(findAllByRe2js(source, encode(text)));
  });

  it('reads what is not UTF-8 as re2js does', () => {
    for (const bytes of [
      [0x80],
      [0xc3],
      [0xe2, 0x82],
      [0xed, 0xa0, 0x80],
      [0xc0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xff],
    ]) {
      const text = Uint8Array.from([0x61, ...bytes, 0x61]);
      for (const source of ['.', '\\x{fffd}+', 'a\\b', '[^a]+a']) {
        expect(findAll(source, text), `${source} in ${bytes.join()}`).toEqual(findAllByRe2js(source, text));
      }
    }
  });

  it('takes the text around the bytes into account', () => {
    const bytes = encode('xab cd');
    expect(regex('\\bab').find(bytes, 1, 3, { start: 0, end: 6 })).toBeUndefined();
    expect(regex('\\bab').find(bytes, 1, 3)).toEqual(Int32Array.of(1, 3));
    expect(regex('ab$').find(bytes, 1, 3, { start: 0, end: 6 })).toBeUndefined();
    expect(regex('ab$').find(bytes, 1, 3)).toEqual(Int32Array.of(1, 3));
    expect(regex('ab\\b').find(bytes, 1, 3, { start: 0, end: 6 })).toEqual(Int32Array.of(1, 3));
  });

  it('finds the same when it gives up the table of states', () => {
    const source = '(?:a|b)*a((?:a|b){14})c';
    const rng = createRng('regex');
    const text = encode(`${Array.from({ length: 20_000 }, () => 'ab'[rng.int(2)]!).join('')}c`);
    expect(findAll(source, text)).toEqual(findAllByRe2js(source, text));
  });
});

describe('maxBytes', () => {
  it.each([
    ['abc', 3],
    ['a{2,5}b?', 6],
    ['é|ab', 2],
    ['.', 4],
    ['a*', Number.POSITIVE_INFINITY],
    ['(?:ab)+', Number.POSITIVE_INFINITY],
    ['\\b^$', 0],
    ['(?i)k', 3],
    ['(?:a|bc){3}', 6],
  ])('of %s is %d', (source, most) => {
    expect(regex(source).maxBytes).toBe(most);
  });
});

describe('createRegex', () => {
  it.each([
    ['(?=a)b', /look-around/],
    ['(?<!a)b', /look-around/],
    ['(a)\\1', /back-reference/],
    ['(?P<n>a)(?P=n)', /back-reference/],
    ['a++', /possessive/],
    ['(?>a)', /atomic/],
    ['a(', /not valid in RE2/],
    ['(?:\\w{900}){900}', /too large|not valid/],
  ])('says why it can not take %s', (source, reason) => {
    expect(createRegex(source)).toMatch(reason);
  });
});
