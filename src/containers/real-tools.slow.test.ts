/** What the usual tools write is read back as it was. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inputOf, openAll } from '../../test/support/containers.ts';
import sevenZip from './7z.ts';
import compress from './compress.ts';
import cpio from './cpio.ts';
import lz4 from './lz4.ts';
import lzop from './lzop.ts';
import tar from './tar.ts';
import zip from './zip.ts';

let folder = '';
/** Half of it hard to compress, half of it easy, with far repetitions. */
const content = new Uint8Array(3_000_000);
let state = 1;
for (let i = 0; i < content.length; i++) {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  content[i] = i % 200_000 < 60_000 ? state >>> 24 : i % 1000 < 900 ? (i >> 5) & 127 : (state >>> 24) & 15;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dumpsieve-tools-'));
  writeFileSync(join(folder, 'core'), content);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cases = [
  ['lz4 -1', lz4, 'lz4 -q -1 core out'],
  ['lz4 -9, linked blocks of 64 KiB, no frame checksum', lz4, 'lz4 -q -9 -BD -B4 --no-frame-crc core out'],
  ['lz4, block checksums and size', lz4, 'lz4 -q -BX --content-size -B5 core out'],
  ['lz4 -l', lz4, 'lz4 -q -l core out'],
  ['lzop -1', lzop, 'lzop -1 -o out core'],
  ['lzop -9', lzop, 'lzop -9 -o out core'],
  ['compress', compress, 'compress -c core > out'],
  ['compress -b 12', compress, 'compress -b 12 -c core > out'],
  ['zip', zip, 'zip -q out.zip core && mv out.zip out'],
  ['zip to a pipe', zip, 'cat core | zip -q - - > out'],
  ['zip -0', zip, 'zip -q -0 out.zip core && mv out.zip out'],
  ['zip -Z bzip2', zip, 'zip -q -Z bzip2 out.zip core && mv out.zip out'],
  ['7z -tzip -mm=Deflate64', zip, '7z a -bd -tzip -mm=Deflate64 out.zip core >/dev/null && mv out.zip out'],
  ['7z -mm=Deflate64', sevenZip, '7z a -bd -m0=Deflate64 out.7z core >/dev/null && mv out.7z out'],
  ['tar', tar, 'tar cf out core'],
  ['tar -H v7', tar, 'tar cf out -H v7 core'],
  [
    'tar -H pax, sparse',
    tar,
    'truncate -s 20M hole && dd if=core of=hole bs=4096 count=3 seek=1000 conv=notrunc status=none && tar cSf out -H pax hole && mv hole core2',
  ],
  ['cpio -H newc', cpio, 'echo core | cpio --quiet -o -H newc > out'],
  ['cpio -H odc', cpio, 'echo core | cpio --quiet -o -H odc > out'],
  ['cpio -H bin', cpio, 'echo core | cpio --quiet -o -H bin > out'],
] as const;

const has = (command: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${command.split(' ')[0]!}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

describe('what tools write', () => {
  for (const [name, container, command] of cases) {
    const tool = command.startsWith('echo')
      ? 'cpio'
      : command.startsWith('cat')
        ? 'zip'
        : command.startsWith('truncate')
          ? 'tar'
          : command;
    it.skipIf(!has(tool))(name, async () => {
      rmSync(join(folder, 'out'), { force: true });
      execFileSync('sh', ['-c', command], { cwd: folder });
      const bytes = new Uint8Array(readFileSync(join(folder, 'out')));
      const expected = command.includes('core2') ? readFileSync(join(folder, 'core2')) : content;
      expect(container.recognise(bytes.subarray(0, 65_536))).toBe(true);
      for (const sequential of container.access === 'random' ? [false] : [false, true]) {
        const opened = await openAll(container, inputOf(bytes, { sequential }));
        expect([opened.error, opened.gaps, opened.members.map(({ error }) => error)]).toEqual([
          undefined,
          [],
          [undefined],
        ]);
        expect(Buffer.compare(opened.members[0]!.content, expected)).toBe(0);
      }
    });
  }

  it.skipIf(!has('7z'))('7z -tzip -mm=PPMd, through 7z-wasm', async () => {
    execFileSync('sh', ['-c', '7z a -bd -tzip -mm=PPMd ppmd.zip core >/dev/null'], { cwd: folder });
    const opened = await openAll(zip, inputOf(new Uint8Array(readFileSync(join(folder, 'ppmd.zip')))));
    expect([opened.error, opened.gaps, opened.members.map(({ error }) => error)]).toEqual([undefined, [], [undefined]]);
    expect(Buffer.compare(opened.members[0]!.content, content)).toBe(0);
  });
});
