import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { latin1 } from '../bytes/reader.ts';
import { recogniseUnopened, recogniseUnopenedTail } from './unopened.ts';

describe('recogniseUnopened', () => {
  it.each([
    ['gzip', new Uint8Array(gzipSync('x'))],
    ['zip', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0)],
    ['zip', Uint8Array.of(0x50, 0x4b, 5, 6, 0, 0)],
    ['zstd', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 4)],
    ['bzip2', latin1('BZh91AY&SY')],
    ['xz', Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0)],
    ['deb', latin1('!<arch>\ndebian-binary   ')],
    ['lrzip', latin1('LRZI\0\x06')],
    ['grzip', latin1('GRZipII\0')],
    ['chm', latin1('ITSF\x03\0\0\0')],
    ['ace', latin1('1234567**ACE**')],
    ['uuencode', latin1('begin 644 core.gz\nM1234')],
    ['apport', latin1('ProblemType: Crash\n')],
  ])('%s', (id, head) => {
    expect(recogniseUnopened(head)).toBe(id);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['an ELF core', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46)],
    ['text that begins like bzip2', latin1('BZh is not compressed')],
    ['text that begins like uuencode', latin1('begin 644 is a line of text')],
    ['a static library', latin1('!<arch>\n/               ')],
    ['a cut magic', Uint8Array.of(0x1f, 0x8b)],
  ])('%s is scanned raw', (_, head) => {
    expect(recogniseUnopened(head)).toBeUndefined();
  });
});

describe('recogniseUnopenedTail', () => {
  const trailer = new Uint8Array(600);
  trailer.set(latin1('koly\0\0\0\x04\0\0\x02\0'), 88);

  it('knows an Apple disk image by its last 512 bytes', () => {
    expect(recogniseUnopenedTail(trailer)).toBe('dmg');
    expect(recogniseUnopenedTail(trailer.subarray(0, 599))).toBeUndefined();
    expect(recogniseUnopenedTail(new Uint8Array(512))).toBeUndefined();
  });
});
