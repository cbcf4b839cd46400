import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { type OctetNotation, readOctetText, stepBack } from './octet-text.ts';

const make = createMake('octet-text');
const octets = make.concat(Uint8Array.of(0x30, 0x82, 0x04, 0x00, 0xff, 0x80, 0x0a), make.bytes(60), Uint8Array.of(7));

const hex = (bytes: Uint8Array): string[] => make.hex(bytes).match(/../g) ?? [];
const plain = (byte: number): string => String.fromCharCode(byte);
const escapes = new Map([
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x5c, '\\\\'],
  [0x27, "\\'"],
  [0x22, '\\"'],
]);
const repr = (bytes: Uint8Array): string =>
  Array.from(
    bytes,
    (byte) =>
      escapes.get(byte) ?? (byte > 0x1f && byte < 0x7f ? plain(byte) : `\\x${byte.toString(16).padStart(2, '0')}`),
  ).join('');

const NOTATIONS: readonly (readonly [string, OctetNotation, (bytes: Uint8Array) => string])[] = [
  ['hex', 'hex', make.hex],
  ['hex in lines', 'hex', (bytes) => (make.hex(bytes).match(/.{1,32}/g) ?? []).join('\n')],
  ['colons', 'hex', (bytes) => hex(bytes).join(':')],
  ['0x', 'hex', (bytes) => `0x${hex(bytes).join(', 0x').toUpperCase().replaceAll('X', 'x')}`],
  ['0x, short', 'hex', (bytes) => Array.from(bytes, (byte) => `0x${byte.toString(16)}`).join(',')],
  ['decimal', 'decimal', (bytes) => bytes.join(',')],
  ['with signs', 'decimal', (bytes) => new Int8Array(bytes).join(', ')],
  ['indented', 'decimal', (bytes) => bytes.join(',\r\n        ')],
  ['escaped', 'escaped', repr],
];

describe.each(NOTATIONS)('%s', (_, notation, write) => {
  const text = write(octets);
  const bytes = make.ascii(`b'${text}'`);

  it('is read to its end', () => {
    expect(readOctetText(bytes, 2, notation, 1000)).toEqual({ octets, next: 2 + text.length });
    expect(readOctetText(bytes, 2, notation, 5).octets).toEqual(octets.subarray(0, 5));
  });

  it('is followed back', () => {
    const { next } = readOctetText(bytes, 2, notation, 4);
    const fifth = readOctetText(bytes, 2, notation, 5).next - write(octets.subarray(4, 5)).length;
    expect([2 + write(octets.subarray(0, 4)).length, next]).toContain(next);
    expect(stepBack(bytes, fifth, notation, 4)).toBe(2);
  });
});

it('nothing is read where nothing is', () => {
  for (const notation of ['hex', 'decimal', 'escaped'] as const) {
    expect(readOctetText(make.ascii('"'), 0, notation, 10)).toEqual({ octets: new Uint8Array(0), next: 0 });
    expect(stepBack(make.ascii('"30'), 1, notation, 1)).toBeUndefined();
  }
});

it('numbers beyond an octet end a list', () => {
  expect(readOctetText(make.ascii('1,255,256,3'), 0, 'decimal', 10)).toEqual({
    octets: Uint8Array.of(1, 255),
    next: 5,
  });
  expect(readOctetText(make.ascii('-128,-129'), 0, 'decimal', 10)).toEqual({ octets: Uint8Array.of(128), next: 4 });
});
