import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { base64Core, decodeBase64, isBase64, separatorLength, skipSeparators } from './base64.ts';

const make = createMake('base64');
const plain = make.bytes(300);
const text = make.base64(plain);
const decode = (source: string, options: Partial<Parameters<typeof decodeBase64>[3]> = {}) => {
  const bytes = make.ascii(source);
  return decodeBase64(bytes, 0, bytes.length, { style: 'wrapped', ...options });
};
const lines = (width: number): string[] => text.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];

describe('decodeBase64', () => {
  it.each([
    ['one line', text],
    ['base64url', make.base64url(plain)],
    ['LF', lines(64).join('\n')],
    ['CRLF', lines(76).join('\r\n')],
    ['indented', lines(64).join('\n      ')],
    ['blanks', lines(64).join(' ')],
    ['\\n', lines(64).join('\\n')],
    ['\\\\n', lines(64).join('\\\\n')],
    ['three times escaped', lines(64).join('\\\\\\\\n')],
    ['\\r\\n', lines(64).join('\\r\\n')],
    ['\\u000a', lines(64).join('\\u000a')],
    ['\\x0A', lines(64).join('\\x0A')],
    ['numeric entities', lines(64).join('&#xD;\n')],
    ['%0A', lines(64).join('%0A')],
    ['line continuation', lines(64).join('\\\n')],
    ['quoted and added', lines(64).join('\\n" +\n    "')],
    ['quoted and dotted', lines(64).join("' .\n  '")],
    ['adjacent strings', lines(64).join('\\n"\n  "')],
    ['list', lines(64).join('", "')],
    ['\\/', text.replaceAll('/', '\\/')],
    ['\\u002f and \\u002B', text.replaceAll('/', '\\u002f').replaceAll('+', '\\u002B')],
    ['%2F and %2B', text.replaceAll('/', '%2F').replaceAll('+', '%2B')],
  ])('reads: %s', (_, source) => {
    const decoded = decode(source);
    expect(decoded.bytes).toEqual(plain);
    expect(decoded.next).toBe(source.length);
    expect(decoded.chars).toBe(400);
  });

  it.each([
    ['two', 'QQ==', [0x41], 4, true],
    ['one', 'QUI=', [0x41, 0x42], 4, true],
    ['none', 'QUJD', [0x41, 0x42, 0x43], 4, false],
    ['left out', 'QUI', [0x41, 0x42], 3, false],
    ['escaped', 'QQ\\u003d\\u003D', [0x41], 14, true],
    ['percent', 'QQ%3D%3d', [0x41], 8, true],
    ['not more than belongs there', 'QUI==', [0x41, 0x42], 4, true],
    ['not after a whole quantum', 'QUJD=', [0x41, 0x42, 0x43], 4, false],
    ['one character of a quantum', 'QUJDQ', [0x41, 0x42, 0x43], 5, false],
  ])('padding: %s', (_, source, bytes, next, padded) => {
    expect(decode(source)).toMatchObject({ bytes: Uint8Array.from(bytes), next, padded });
  });

  it.each([
    ['nothing', '', 0],
    ['NUL', 'QUJD\0QUJD', 4],
    ['dashes', 'QUJD\n-----END', 4],
    ['a backslash before something else', 'QUJD\\qQUJD', 4],
    ['a quote that no other follows', 'QUJD" x', 4],
    ['an escape that the end cuts', 'QUJD\\', 4],
  ])('ends at: %s', (_, source, next) => {
    expect(decode(source).next).toBe(next);
  });

  it('takes a comma between quotes for a list of lines, not of longer values', () => {
    const value = text.slice(0, 200);
    expect(decode(`${value}","${value}`).next).toBe(200);
  });

  it('stops at other characters in plain style, and after maxChars', () => {
    expect(decode('QUJD\nQUJD', { style: 'plain' }).next).toBe(4);
    expect(decode(text, { maxChars: 8 })).toMatchObject({ bytes: plain.slice(0, 6), next: 8, chars: 8 });
  });

  it.each([1, 2, 3])('continues a quantum of which %i characters are missing', (phase) => {
    expect(decode(text.slice(4 + phase), { phase }).bytes).toEqual(plain.slice(3 + phase));
  });

  it('has memory of its own', () => {
    expect(decode('QUJD').bytes.buffer.byteLength).toBe(3);
  });
});

describe('base64Core', () => {
  it.each([0, 1, 2] as const)('is what base64 holds at phase %i whatever stands around', (phase) => {
    const core = base64Core(plain.subarray(0, 20), phase);
    expect(core.length).toBeGreaterThan(24);
    for (let round = 0; round < 8; round++) {
      const whole = make.base64(make.concat(make.bytes(30 + phase), plain.subarray(0, 20), make.bytes(7)));
      expect(whole).toContain(core);
    }
  });

  it('gives the well-known beginnings', () => {
    expect(base64Core(make.ascii('-----BEGIN '), 0)).toBe('LS0tLS1CRUdJTi');
    expect(base64Core(make.ascii('openssh-key-v1\0'), 0)).toBe('b3BlbnNzaC1rZXktdjEA');
  });
});

describe('separators', () => {
  it.each([
    ['\n', 1],
    ['\\n', 2],
    ['\\\\r', 3],
    ['\\u000D', 6],
    ['&#10;', 5],
    ['%0d', 3],
    ['" + "', 5],
    ['"', 0],
    ['""', 0],
    ['\\', 0],
    ['\\x', 0],
    ['&amp;', 0],
    ['A', 0],
  ])('%j is %i long', (source, length) => {
    const bytes = make.ascii(source);
    expect(separatorLength(bytes, 0, bytes.length)).toBe(length);
  });

  it('looks at nothing behind the end', () => {
    const bytes = make.ascii('\\u000a" + "');
    for (let end = 1; end < 6; end++) expect(separatorLength(bytes, 0, end)).toBe(0);
    for (let end = 7; end < 11; end++) expect(separatorLength(bytes, 6, end)).toBe(0);
  });

  it('are skipped together', () => {
    expect(skipSeparators(make.ascii(' \\r\\n\t"\n+ "QUJD'), 0, 15)).toBe(11);
  });
});

it('knows both alphabets', () => {
  const all = Array.from({ length: 256 }, (_, char) => char).filter(isBase64);
  expect(all).toHaveLength(66);
  expect(isBase64(undefined)).toBe(false);
});
