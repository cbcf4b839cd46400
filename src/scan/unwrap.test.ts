import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { latin1 } from '../bytes/reader.ts';
import { recogniseContainer } from './unwrap.ts';

describe('recogniseContainer', () => {
  it.each([
    ['gzip', new Uint8Array(gzipSync('x'))],
    ['zip', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0)],
    ['zip', Uint8Array.of(0x50, 0x4b, 5, 6, 0, 0)],
    ['zstd', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 4)],
    ['bzip2', latin1('BZh91AY&SY')],
    ['xz', Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0)],
    ['deb', latin1('!<arch>\ndebian-binary   ')],
    ['apport', latin1('ProblemType: Crash\n')],
  ])('%s', (id, head) => {
    expect(recogniseContainer(head)).toEqual({ code: 'not-opened', detail: id });
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['an ELF core', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46)],
    ['text that begins like bzip2', latin1('BZh is not compressed')],
    ['a static library', latin1('!<arch>\n/               ')],
    ['a cut magic', Uint8Array.of(0x1f, 0x8b)],
  ])('%s is scanned raw', (_, head) => {
    expect(recogniseContainer(head)).toBeUndefined();
  });
});
