import { describe, expect, it } from 'vitest';
import { compileProgram } from './program.ts';
import { requiredTexts } from './required.ts';

function textsOf(source: string): string[] | undefined {
  const program = compileProgram(source);
  if (typeof program === 'string') throw new Error(program);
  return requiredTexts(program)
    ?.map(({ text, ignoreCase }) => (ignoreCase ? `(?i)${text}` : text))
    .sort();
}

describe('requiredTexts', () => {
  it.each<[string, string[]]>([
    ['tok_[a-z0-9]{20}', ['tok_']],
    ['\\b(tok_[a-z]{4})\\b', ['tok_']],
    ['(?i)acme[a-z]{4}', ['(?i)acme']],
    ['(?:alpha|beta|gamma)=\\w+', ['alpha=', 'beta=', 'gamma=']],
    ['[a-z]{3}\\dQ~[a-z]+', ['0Q~', '1Q~', '2Q~', '3Q~', '4Q~', '5Q~', '6Q~', '7Q~', '8Q~', '9Q~']],
    ['(?:abc)?[a-z]+defg', ['defg']],
    ['x{5}', ['xxxxx']],
    ['\\bs\\.[A-Ca-c]{9}', ['(?i)s.a', '(?i)s.b', '(?i)s.c']],
    ['SK[0-2a]{9}', ['SK0', 'SK1', 'SK2', 'SKa']],
    ['(?:a-long-one|[a-z]+)(?:-end)', ['-end']],
  ])('of %s', (source, texts) => {
    expect(textsOf(source)).toEqual(texts);
  });

  it.each(['[a-z]{32}', 'ab', '(?:abcd)?[0-9]+', 'abcd|[0-9]{10}', '.*', 'é{5}', '(?:abcd)*'])(
    'are none of %s',
    (source) => {
      expect(textsOf(source)).toBeUndefined();
    },
  );
});
