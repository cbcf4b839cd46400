/** Our automata against re2js' own matcher, on expressions and texts from a seed. */
import { MatcherInput, RE2JS } from 're2js';
import { expect, it } from 'vitest';
import { createRng } from '../../corpus/rng.ts';
import { createRegex } from './regex.ts';

const CASES = 6000;
const ATOMS = [
  'a',
  'b',
  'k',
  'é',
  '.',
  '[ab]',
  '[^a]',
  '\\w',
  '\\d',
  '\\b',
  '\\B',
  '^',
  '$',
  '(?i:K)',
  '\\s',
  'ab',
  '\\x{fffd}',
];
const REPEATS = ['', '', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{1,3}', '{0,2}?', '{2,}', '{3,20}'];
const PIECES = ['a', 'b', 'ab', 'k', 'K', '\u212a', 'é', ' ', '\n', '1', 'A', '_', 'aaaaaaaaaa'];
const rng = createRng('regex');

function writeRegex(depth: number): string {
  const parts = Array.from({ length: 1 + rng.int(3) }, () => {
    const isGroup = depth > 0 && rng.int(3) === 0;
    const atom = isGroup ? `${rng.pick(['(', '(?:'])}${writeRegex(depth - 1)})` : rng.pick(ATOMS);
    return atom + rng.pick(REPEATS);
  });
  return rng.int(4) === 0 ? `${parts.join('')}|${rng.pick(ATOMS)}` : parts.join('');
}

function writeText(): Uint8Array {
  const text = new TextEncoder().encode(Array.from({ length: rng.int(16) }, () => rng.pick(PIECES)).join(''));
  if (rng.int(3) === 0 && text.length > 0) text[rng.int(text.length)] = 0x80 + rng.int(0x80);
  return text;
}

it('find the same matches and groups', () => {
  let compared = 0;
  let found = 0;
  for (let i = 0; i < CASES; i++) {
    const source = `${rng.pick(['', '(?i)', '(?m)', '(?s)'])}${writeRegex(2)}`;
    const ours = createRegex(source);
    if (typeof ours === 'string') continue;
    const compiled = RE2JS.compile(source);
    for (let j = 0; j < 4; j++) {
      const text = writeText();
      const theirs = compiled.matcher(MatcherInput.utf8(text));
      for (let at = 0; at <= text.length; ) {
        const mine = ours.find(text, at, text.length, { start: 0, end: text.length });
        const groups = theirs.find(at)
          ? Array.from({ length: compiled.groupCount() + 1 }, (_, g) => [theirs.start(g), theirs.end(g)]).flat()
          : undefined;
        expect(mine && [...mine], `${source} in ${text.join()} from ${at}`).toEqual(groups);
        compared++;
        if (!mine) break;
        found++;
        at = Math.max(mine[1]!, mine[0]! + 1);
      }
    }
  }
  expect(compared).toBeGreaterThan(3 * CASES);
  expect(found).toBeGreaterThan(CASES);
});
