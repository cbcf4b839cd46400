import { randomBytes } from 'node:crypto';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { concat } from '../bytes/reader.ts';
import { areDeflated } from './deflated.ts';

/** As compressible as programs and texts are. */
const text = new TextEncoder().encode(
  Array.from({ length: 600 }, (_, i) => `${(i * 7919) % 1009} sheep and ${(i * 104729) % 3571} goats;`).join('\n'),
);

/** As `gzip FILE` writes it. */
function named(stream: Uint8Array): Uint8Array {
  const [header, rest] = [stream.slice(0, 10), stream.subarray(10)];
  header[3] = 8;
  return concat(header, new TextEncoder().encode('report.txt\0'), rest);
}

describe('deflated', () => {
  it.each([
    ['zlib', deflateSync(text)],
    ['zlib, level 1', deflateSync(text, { level: 1 })],
    ['zlib, level 9', deflateSync(text, { level: 9 })],
    ['gzip', gzipSync(text)],
    ['gzip with a name', named(gzipSync(text))],
  ])('are streams of %s, whole, cut, and behind a few bytes', (_, stream) => {
    expect(areDeflated(stream, 0, stream.length)).toBe(true);
    expect(areDeflated(stream, 0, 256)).toBe(true);
    const behind = concat(randomBytes(9), stream, randomBytes(8));
    expect(areDeflated(behind, 0, behind.length)).toBe(true);
    expect(areDeflated(behind, 1, behind.length - 100)).toBe(true);
  });

  it('are no random bytes, with such a header either, no short streams, and none without a header', () => {
    for (let i = 0; i < 300; i++) {
      const bytes = randomBytes(512);
      expect(areDeflated(bytes, 0, bytes.length)).toBe(false);
      bytes.set(deflateSync(text).subarray(0, 3), i % 20);
      expect(areDeflated(bytes, 0, bytes.length)).toBe(false);
    }
    const stream = deflateSync(text);
    expect(areDeflated(stream, 0, 100)).toBe(false);
    const raw = deflateRawSync(text);
    expect(areDeflated(raw, 0, raw.length)).toBe(false);
  });

  it('are not what is stored as it is', () => {
    for (const stream of [deflateSync(text, { level: 0 }), gzipSync(text, { level: 0 })]) {
      expect(areDeflated(stream, 0, stream.length)).toBe(false);
    }
  });

  it('is not what lies behind the end of a stream', () => {
    const bytes = concat(deflateSync(text.subarray(0, 3000)), randomBytes(64));
    expect(areDeflated(bytes, 0, bytes.length)).toBe(false);
    expect(areDeflated(bytes, 0, bytes.length - 64)).toBe(true);
  });
});
