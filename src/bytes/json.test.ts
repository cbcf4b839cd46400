import { describe, expect, it } from 'vitest';
import { readFlatObject, readValueAfter } from './json.ts';
import { latin1 } from './reader.ts';

/** Members of the object around the `@`, as text. */
function members(text: string, names: readonly string[]): Record<string, string | undefined> & { span: string } {
  const bytes = latin1(text);
  const object = readFlatObject(bytes, text.indexOf('@'), text.indexOf('@') + 1);
  const value = (name: string): string | undefined => {
    const span = object?.get(name);
    return span && text.slice(span.start, span.end);
  };
  const span = object ? text.slice(object.span.start, object.span.end) : '';
  return { ...Object.fromEntries(names.map((name) => [name, value(name)])), span };
}

describe('readFlatObject', () => {
  it.each([
    ['JSON', 'x{"a":"1", "@":"2"}y', '{"a":"1", "@":"2"}'],
    ['JSON in a string', 'x{\\"a\\":\\"1\\",\\n \\"@\\":\\"2\\"}"', '{\\"a\\":\\"1\\",\\n \\"@\\":\\"2\\"}'],
    ['JSON in a string in a string', '{\\\\\\"a\\\\\\":\\\\\\"1\\\\\\"@}', '{\\\\\\"a\\\\\\":\\\\\\"1\\\\\\"@}'],
    ['unicode escapes', '{\\u0022a\\u0022:\\u00221\\u0022@}', '{\\u0022a\\u0022:\\u00221\\u0022@}'],
    ['URL escapes', 'k=%7B%22a%22%3A%221%22@%7D&', '%7B%22a%22%3A%221%22@%7D'],
    [
      'escaped braces',
      '\\u007b\\u0022a\\u0022:\\u00221\\u0022@\\u007d',
      '\\u007b\\u0022a\\u0022:\\u00221\\u0022@\\u007d',
    ],
    ['HTML escapes', '{&quot;a&quot;:&#34;1&#34;@}', '{&quot;a&quot;:&#34;1&#34;@}'],
    ['source text', "{ a: '1', '@': 2 }", "{ a: '1', '@': 2 }"],
    ['Java', '{a=1, @=2}', '{a=1, @=2}'],
    ['braces missing', '\0"a":"1",@"b":"2"\0', 'a":"1",@"b":"2'],
    ['object nested before', '{"z":{"a":"0"},"a":"1","@":1}', '{"z":{"a":"0"},"a":"1","@":1}'],
    ['object nested after', '{"@":1,"z":{"a":"000"},"a":"1"}', '{"@":1,"z":{"a":"000"},"a":"1"}'],
    ['array', '{"@":["a","b"],"a":"1"}', '{"@":["a","b"],"a":"1"}'],
  ])('%s', (_, text, span) => {
    expect(members(text, ['a'])).toEqual({ a: '1', span });
  });

  it('takes the longest value of a name', () => {
    expect(members('{"a":"12","a":"123","a":"1",@}', ['a'])).toMatchObject({ a: '123' });
  });

  it('ends where the name stands again', () => {
    const text = 'kty: A\nd: 11\nkty: B\nd: 2222\nkty: C\nd: 333333\n';
    const bytes = latin1(text);
    for (const [value, expected] of [
      ['A', '11'],
      ['B', '2222'],
      ['C', '333333'],
    ] as const) {
      const at = text.indexOf(`kty: ${value}`);
      const d = readFlatObject(bytes, at, at + 3)!.get('d')!;
      expect(text.slice(d.start, d.end)).toBe(expected);
    }
  });

  it('reads text full of the name once', () => {
    const text = '{"kty":"RSA","a":"b",'.repeat(2000);
    const bytes = latin1(text);
    const started = performance.now();
    for (let at = text.indexOf('kty'); at >= 0; at = text.indexOf('kty', at + 1)) readFlatObject(bytes, at, at + 3);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('keeps base64 characters and leaves padding out', () => {
    expect(members('{"a":"x-_y+/z==","b":"w",@}', ['a', 'b'])).toMatchObject({ a: 'x-_y+/z', b: 'w' });
  });

  it('has no members where there is no text', () => {
    expect(readFlatObject(latin1('\0\0@\0'), 2, 3)).toBeUndefined();
    expect(readFlatObject(new Uint8Array(0), 0, 0)).toBeUndefined();
  });

  it('ends at the limit in an endless text', () => {
    const bytes = new Uint8Array(1 << 20).fill(0x61);
    expect(readFlatObject(bytes, 1 << 19, (1 << 19) + 3)).toBeUndefined();
  });
});

describe('readValueAfter', () => {
  it.each([
    ['a":"b"', 'b'],
    ["a : 'b'", 'b'],
    ['a=b', 'b'],
    ['a\\":\\"b\\"', 'b'],
  ])('%s', (text, value) => {
    const span = readValueAfter(latin1(text), 1);
    expect(span && text.slice(span.start, span.end)).toBe(value);
  });
  it.each(['a', 'a"', 'a,b', 'a === b', 'a":["b"]', 'a":'])('nothing after %s', (text) => {
    expect(readValueAfter(latin1(text), 1)).toBeUndefined();
  });
});
