import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { HARVESTERS } from './harvest.ts';
import { readToken } from './signed-tokens.ts';

const make = createMake('signed-tokens');
const harvester = HARVESTERS.find(({ kind }) => kind === 'token')!;
const json = (value: object): string => make.base64url(make.ascii(JSON.stringify(value)));
const tokenOf = (alg: string, bytes: number): string =>
  `${json({ alg, typ: 'JWT' })}.${json({ sub: 'somebody' })}.${make.base64url(make.bytes(bytes))}`;
const parse = (text: string, at = 0) => harvester.parse({ bytes: make.ascii(text), at, anchor: 0, length: 10 });

describe('tokens', () => {
  it.each([
    ['HS256', 32],
    ['HS384', 48],
    ['HS512', 64],
    ['ES256', 64],
    ['ES384', 96],
    ['ES512', 132],
    ['ES256K', 64],
  ])('%s', (alg, bytes) => {
    const text = tokenOf(alg, bytes);
    for (const after of ['', '"', 'abc', '\0'])
      expect(parse(`"${text}${after}`, 1)).toEqual({ start: 1, end: 1 + text.length });
    const token = readToken(make.ascii(text), 0)!;
    expect(make.hex(token.input)).toBe(make.hex(make.ascii(text.slice(0, text.lastIndexOf('.')))));
    expect(token.signature).toHaveLength(bytes);
  });

  it('are those whose signature says something of a key in memory, and whole', () => {
    const whole = tokenOf('HS256', 32);
    for (const text of [
      tokenOf('RS256', 256),
      tokenOf('none', 0),
      tokenOf('HS256', 31),
      whole.slice(0, -2),
      whole.slice(0, whole.indexOf('.') + 3),
      `${whole}.more`,
      whole.replace('.', '!'),
      'eyJhbGciOi',
      `eyJhbGciOi${'A'.repeat(5000)}`,
    ]) {
      expect(parse(text)).toBeUndefined();
    }
  });

  it('never throws on damaged ones', () => {
    const bytes = make.ascii(tokenOf('ES256', 64));
    for (let i = 0; i < 300; i++) {
      const damaged = bytes.slice(0, make.int(bytes.length + 1));
      for (let j = 0; j < 3 && damaged.length > 0; j++) damaged[make.int(damaged.length)] = make.int(256);
      expect(() => readToken(damaged, 0)).not.toThrow();
    }
  });

  it('begin with each of the anchors', () => {
    for (const [i, anchor] of harvester.anchors.entries()) {
      const name = ['alg', 'typ', 'kid', 'cty', 'x5t', 'jku'][i]!;
      expect(json({ [name]: 'x' })).toMatch(new RegExp(`^${'text' in anchor ? anchor.text : ''}`));
    }
  });
});
