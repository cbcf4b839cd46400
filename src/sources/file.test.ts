import { execFileSync } from 'node:child_process';
import {
  closeSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SourceError } from '../model/errors.ts';
import type { Gap } from '../model/finding.ts';
import type { ListOptions } from '../model/input.ts';
import type { Locator } from '../model/place.ts';
import { createFileSource } from './file.ts';
import { openFile } from './file-input.ts';
import { walkDirectory } from './walk.ts';

let root: string;
const posix = process.platform !== 'win32';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
  mkdirSync(join(root, 'tree/.hidden'), { recursive: true });
  mkdirSync(join(root, 'tree/sub'));
  writeFileSync(join(root, 'tree/a.dmp'), 'aaaa');
  writeFileSync(join(root, 'tree/.hidden/b.log'), 'bb');
  writeFileSync(join(root, 'tree/sub/c.dmp'), '');
  writeFileSync(join(root, 'tree/sub/[d].log'), 'd');
  if (posix) {
    mkdirSync(join(root, 'odd/line\nbreak'), { recursive: true });
    writeFileSync(join(root, 'odd/new\nline'), 'n');
    writeFileSync(join(root, 'odd/line\nbreak/\u001b[31mred'), 'r');
    writeFileSync(join(root, 'odd/\u{10fffd}1'), 'p');
    mkdirSync(join(root, 'links/real'), { recursive: true });
    writeFileSync(join(root, 'links/real/file'), 'f');
    linkSync(join(root, 'links/real/file'), join(root, 'links/hard'));
    symlinkSync('real/file', join(root, 'links/soft'));
    symlinkSync('..', join(root, 'links/real/loop'));
    symlinkSync('real', join(root, 'links/again'));
    symlinkSync('nowhere', join(root, 'links/broken'));
    mkdirSync(join(root, 'special'));
    execFileSync('mkfifo', [join(root, 'special/fifo')]);
    writeFileSync(join(root, 'special/file'), 'x');
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function list(specs: string | string[], options: Partial<ListOptions> = {}) {
  const source = createFileSource();
  const locators: Locator[] = [];
  const gaps: Gap[] = [];
  for (const spec of [specs].flat()) {
    for await (const item of source.list(spec, {
      include: [],
      exclude: [],
      followSymlinks: false,
      signal: new AbortController().signal,
      ...options,
    })) {
      if ('code' in item) gaps.push(item);
      else locators.push(item);
    }
  }
  const names = locators.map((locator) => locator.id.slice(root.length + 1)).sort();
  return { locators, gaps, names };
}

describe('listing', () => {
  it('walks directories with their dot files', async () => {
    const { names, gaps, locators } = await list(join(root, 'tree'));
    expect(names).toEqual(['tree/.hidden/b.log', 'tree/a.dmp', 'tree/sub/[d].log', 'tree/sub/c.dmp']);
    expect(gaps).toEqual([]);
    expect(locators.find((locator) => locator.id.endsWith('a.dmp'))).toMatchObject({ source: 'file', size: 4 });
  });

  it('takes include and exclude globs', async () => {
    const tree = join(root, 'tree');
    expect((await list(tree, { include: ['*.dmp'] })).names).toEqual(['tree/a.dmp', 'tree/sub/c.dmp']);
    expect((await list(tree, { include: ['sub/*', '*.dmp'] })).names).toEqual([
      'tree/a.dmp',
      'tree/sub/[d].log',
      'tree/sub/c.dmp',
    ]);
    expect((await list(tree, { exclude: ['sub', '*.log'] })).names).toEqual(['tree/a.dmp']);
    expect((await list(tree, { exclude: ['sub/'] })).names).toEqual(['tree/.hidden/b.log', 'tree/a.dmp']);
  });

  it('expands globs, directories among the matches included', async () => {
    expect((await list(join(root, 'tree/**/*.dmp'))).names).toEqual(['tree/a.dmp', 'tree/sub/c.dmp']);
    expect((await list(join(root, 'tree/s*'))).names).toEqual(['tree/sub/[d].log', 'tree/sub/c.dmp']);
  });

  it('takes a path that looks like a glob but exists', async () => {
    expect((await list(join(root, 'tree/sub/[d].log'))).names).toEqual(['tree/sub/[d].log']);
  });

  it('reports what does not exist', async () => {
    expect((await list(join(root, 'absent.dmp'))).gaps).toMatchObject([{ code: 'not-found', detail: 'ENOENT' }]);
    expect((await list(join(root, 'tree/*.absent'))).gaps).toMatchObject([{ code: 'not-found', detail: 'no-match' }]);
  });

  it('lists a file that several specs reach once', async () => {
    const specs = [join(root, 'tree/a.dmp'), join(root, 'tree'), join(root, 'tree/*.dmp')];
    expect((await list(specs)).names.filter((name) => name === 'tree/a.dmp')).toHaveLength(1);
  });

  describe.runIf(posix)('POSIX names and links', () => {
    it('finds names with line breaks, and labels them without', async () => {
      const { locators, names } = await list(join(root, 'odd'));
      expect(names).toEqual(['odd/line\nbreak/\u001b[31mred', 'odd/new\nline', 'odd/\u{10fffd}1']);
      for (const { label } of locators) expect(label).not.toMatch(/\p{Cc}/u);
      expect((await list(join(root, 'odd/new*'))).names).toEqual(['odd/new\nline']);
    });

    it('does not follow symlinks in a tree, and lists hard links once', async () => {
      expect((await list(join(root, 'links'))).names).toHaveLength(1);
    });

    it('follows a symlink that is named', async () => {
      expect((await list(join(root, 'links/soft'))).names).toEqual(['links/real/file']);
      expect((await list(join(root, 'links/again'))).names).toEqual(['links/real/file']);
    });

    it('follows symlinks on demand, and ends in loops', async () => {
      const { names, gaps } = await list(join(root, 'links'), { followSymlinks: true });
      expect(names).toHaveLength(1);
      expect(gaps).toEqual([]);
      const entries: string[] = [];
      const options = { include: [], exclude: [], followSymlinks: true };
      for await (const { path } of walkDirectory(join(root, 'links'), options)) entries.push(path);
      expect(entries.length).toBeLessThan(20);
    });

    it('never opens a FIFO', async () => {
      const { names, gaps } = await list(join(root, 'special'));
      expect(names).toEqual(['special/file']);
      expect(gaps).toMatchObject([{ code: 'special-file' }]);
      expect(() => openFile(join(root, 'special/fifo'))).toThrow(SourceError);
      expect((await list('/dev/zero')).gaps).toMatchObject([{ code: 'special-file' }]);
    });

    it('stops when aborted', async () => {
      expect((await list(join(root, 'tree'), { signal: AbortSignal.abort() })).names).toEqual([]);
    });
  });

  it.runIf(posix && process.getuid?.() !== 0)('turns unreadable directories into gaps', async () => {
    const path = join(root, 'locked');
    mkdirSync(join(path, 'inside'), { recursive: true });
    writeFileSync(join(path, 'beside'), 'x');
    execFileSync('chmod', ['000', join(path, 'inside')]);
    const { names, gaps } = await list(path);
    execFileSync('chmod', ['755', join(path, 'inside')]);
    expect(names).toEqual(['locked/beside']);
    expect(gaps).toMatchObject([{ code: 'unreadable', detail: 'EACCES' }]);
  });
});

describe('reading', () => {
  it('reads at any position, and short only at the end', async () => {
    const path = join(root, 'digits');
    writeFileSync(path, '0123456789');
    const input = openFile(path);
    const into = new Uint8Array(4);
    expect(input.size).toBe(10);
    expect(await input.read(into, 3)).toBe(4);
    expect(into).toEqual(Uint8Array.of(0x33, 0x34, 0x35, 0x36));
    expect(await input.read(into, 8)).toBe(2);
    expect(await input.read(into, 99)).toBe(0);
    expect(await input.check?.()).toBeUndefined();
    await input.close();
  });

  it('reads a file of holes as any other, wherever reads begin and end', async () => {
    const path = join(root, 'holes');
    const size = 80 * 2 ** 20 + 1234;
    const data = Buffer.from('data'.repeat(2000));
    const file = openSync(path, 'w');
    for (const at of [0, 5_000_000, size - data.length]) writeSync(file, data, 0, data.length, at);
    closeSync(file);
    const input = openFile(path);
    const page = 4096;
    // Memory of WebAssembly begins with a page.
    const memory = new Uint8Array(new WebAssembly.Memory({ initial: 32 }).buffer);
    const expected = new Uint8Array(size);
    for (const at of [0, 5_000_000, size - data.length]) expected.set(data, at);
    for (const target of [0, page, 100]) {
      for (const at of [0, 4_997_120, 4_999_999, size - (size % page), size - (size % page) - page, size - 5]) {
        for (const length of [page, 3 * page + 17, 99, 2 ** 20]) {
          const read = await input.read(memory.subarray(target, target + length), at);
          expect(read).toBe(Math.min(length, size - at));
          expect(Buffer.compare(memory.subarray(target, target + read), expected.subarray(at, at + read))).toBe(0);
        }
      }
    }
    await input.close();
  });

  it('notices a file that shrinks, grows, or was replaced since it was listed', async () => {
    const path = join(root, 'moving');
    writeFileSync(path, '0123456789');
    const [locator] = (await list(path)).locators;
    const input = openFile(path, locator!.version);
    truncateSync(path, 4);
    expect(await input.read(new Uint8Array(10), 0)).toBe(4);
    expect(await input.check?.()).toBe('truncated');
    writeFileSync(path, '0123456789abcdef');
    expect(await input.check?.()).toBe('changed');
    await input.close();
    const later = openFile(path, locator!.version);
    expect(await later.check?.()).toBe('changed');
    await later.close();
  });

  it('says what is wrong with a file that went away', () => {
    expect(() => openFile(join(root, 'gone'))).toThrow(expect.objectContaining({ code: 'changed', detail: 'ENOENT' }));
    expect(() => openFile(root)).toThrow(SourceError);
  });

  it.runIf(process.platform === 'linux')('reads files of /proc, which say that they are empty', async () => {
    const input = openFile('/proc/self/status');
    expect(input.size).toBe(Number.POSITIVE_INFINITY);
    expect(await input.read(new Uint8Array(16), 0)).toBe(16);
    await input.close();
    expect(() => openFile('/proc/self/mem')).toThrow(expect.objectContaining({ code: 'unreadable', detail: 'EIO' }));
  });
});
