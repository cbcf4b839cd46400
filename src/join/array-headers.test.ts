import { describe, expect, it } from 'vitest';
import { arrayAt, hprofArray } from './array-headers.ts';

/** Sixteen bytes before an array. */
function headerOf(write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(16);
  write(new DataView(bytes.buffer));
  return bytes;
}

const JAVA_CLASS = 0x2010813b;
const java = (count: number): Uint8Array =>
  headerOf((view) => {
    view.setUint32(8, JAVA_CLASS, true);
    view.setUint32(12, count, true);
  });
const dotnet = (count: number): Uint8Array => headerOf((view) => view.setUint32(8, count, true));
const hprof = (count: number, type: number): Uint8Array =>
  headerOf((view) => {
    view.setUint32(11, count);
    view.setUint8(15, type);
  });

describe('array headers', () => {
  it.each([
    ['ints of Java', java(8), 32, { elementBytes: 4, count: 8, isBigEndian: false }],
    ['longs of Java', java(8), 64, { elementBytes: 8, count: 8, isBigEndian: false }],
    ['bytes of Java', java(48), 48, { elementBytes: 1, count: 48, isBigEndian: false }],
    ['whose last word is none of the run', java(65), 64, { elementBytes: 1, count: 65, isBigEndian: false }],
    ['a buffer of Java that is not full', java(128), 48, { elementBytes: 1, count: 128, isBigEndian: false }],
    ['bytes of .NET', dotnet(48), 48, { elementBytes: 1, count: 48, isBigEndian: false }],
    ['bytes in a heap dump', hprof(48, 8), 48, { elementBytes: 1, count: 48, isBigEndian: true }],
    ['ints in a heap dump', hprof(12, 10), 48, { elementBytes: 4, count: 12, isBigEndian: true }],
    ['longs in a heap dump', hprof(6, 11), 48, { elementBytes: 8, count: 6, isBigEndian: true }],
  ] as const)('say what follows: %s', (_, header, length, expected) => {
    expect(arrayAt(header, 16, length)).toEqual(expected);
  });

  it('are told from headers of allocations, counts that do not fit, and nothing', () => {
    expect(arrayAt(dotnet(0x91), 16, 48)).toBeUndefined();
    expect(arrayAt(java(5), 16, 64)).toBeUndefined();
    expect(arrayAt(java(0x7fff_ffff), 16, 64)).toBeUndefined();
    expect(arrayAt(hprof(48, 5), 16, 48)).toBeUndefined();
    expect(arrayAt(new Uint8Array(4), 2, 32)).toBeUndefined();
    expect(hprofArray(new Uint8Array(4), 2)).toBeUndefined();
  });
});
