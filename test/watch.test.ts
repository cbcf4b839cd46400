/** The watcher on real directories: waits for whole files, moves what is dirty, forgets nothing over a restart. */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { entry as tarEntry } from '../corpus/containers/tar.ts';
import { createMake } from '../corpus/make.ts';
import { createSpoolScanner, type SpoolScanner } from '../src/scanner.ts';
import { openQuarantine } from '../src/watch/quarantine.ts';
import { type WatchEvent, type WatchOptions, type WatchState, watchFolder } from '../src/watch/watcher.ts';

const make = createMake('watch');
const DIRTY = `${'x'.repeat(5000)}${make.pem('RSA PRIVATE KEY', make.pkcs1(make.rsa()))}`;
const CLEAN = 'nothing to see\n'.repeat(500);

let scanner: SpoolScanner;
let root: string;
let folder: string;
let closed: string;
let state: WatchState;
let events: WatchEvent[];

beforeAll(async () => {
  scanner = await createSpoolScanner({ threads: 1, spoolBytes: 0 });
});
afterAll(() => scanner.close());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dumpsieve-watch-'));
  [folder, closed] = [join(root, 'dumps'), join(root, 'quarantine')];
  mkdirSync(folder);
  openQuarantine(closed);
  state = {};
  events = [];
  return () => rmSync(root, { recursive: true, force: true });
});

function options(more: Partial<WatchOptions> = {}): WatchOptions {
  return {
    folder,
    quarantine: closed,
    settleMs: 150,
    pollMs: 100,
    once: true,
    policy: { failOn: 'medium', allowGaps: [] },
    suppressions: [],
    state,
    save: (next) => {
      state = next;
    },
    onEvent: (event) => events.push(event),
    signal: new AbortController().signal,
    ...more,
  };
}

const outcomes = (): Record<string, string> =>
  Object.fromEntries(events.map(({ file, outcome }) => [file.slice(folder.length + 1), outcome]));

it('moves what is dirty or not wholly scanned, and leaves the rest', async () => {
  writeFileSync(join(folder, 'clean.dmp'), CLEAN);
  writeFileSync(join(folder, 'dirty.dmp'), DIRTY);
  writeFileSync(join(folder, 'broken.gz'), gzipSync(CLEAN).subarray(0, 40));
  writeFileSync(join(folder, '.#core.draft'), DIRTY);
  mkdirSync(join(folder, 'sub'));
  symlinkSync(join(folder, 'dirty.dmp'), join(folder, 'link'));
  chmodSync(join(folder, 'dirty.dmp'), 0o644);
  expect(await watchFolder(scanner, options())).toBe('findings');
  expect(outcomes()).toEqual({ 'clean.dmp': 'clean', 'dirty.dmp': 'findings', 'broken.gz': 'incomplete' });
  expect(existsSync(join(folder, 'clean.dmp'))).toBe(true);
  for (const name of ['dirty.dmp', 'broken.gz']) {
    expect(existsSync(join(folder, name))).toBe(false);
    expect(statSync(join(closed, name)).mode & 0o777).toBe(0o600);
  }
  expect(statSync(closed).mode & 0o777).toBe(0o700);
  expect(readFileSync(join(closed, 'dirty.dmp'), 'utf8')).toBe(DIRTY);
  const dirty = events.find(({ outcome }) => outcome === 'findings')!;
  expect(dirty).toMatchObject({ movedTo: join(closed, 'dirty.dmp'), findings: [{ verdict: 'proven' }] });
});

it('overwrites nothing in quarantine', async () => {
  writeFileSync(join(closed, 'a.dmp'), 'first');
  writeFileSync(join(folder, 'a.dmp'), DIRTY);
  await watchFolder(scanner, options());
  expect(readFileSync(join(closed, 'a.dmp'), 'utf8')).toBe('first');
  expect(readFileSync(events[0]!.movedTo!, 'utf8')).toBe(DIRTY);
});

it('scans nothing twice after a restart, but what has changed', async () => {
  writeFileSync(join(folder, 'a.dmp'), CLEAN);
  writeFileSync(join(folder, 'b.dmp'), CLEAN);
  expect(await watchFolder(scanner, options())).toBe('clean');
  expect(events).toHaveLength(2);
  expect(await watchFolder(scanner, options())).toBeUndefined();
  expect(events).toHaveLength(2);
  appendFileSync(join(folder, 'b.dmp'), DIRTY);
  expect(await watchFolder(scanner, options())).toBe('findings');
  expect(events).toHaveLength(3);
  expect(Object.keys(state)).toEqual(['a.dmp']);
});

it('leaves files where they are without a quarantine', async () => {
  writeFileSync(join(folder, 'a.dmp'), DIRTY);
  expect(await watchFolder(scanner, options({ quarantine: undefined }))).toBe('findings');
  expect(existsSync(join(folder, 'a.dmp'))).toBe(true);
  expect(state).toMatchObject({ 'a.dmp': { outcome: 'findings' } });
});

it('waits until a file is whole, and sees one that comes by rename', async () => {
  const stop = new AbortController();
  const done = watchFolder(scanner, options({ once: false, settleMs: 400, signal: stop.signal }));
  writeFileSync(join(folder, 'growing.dmp'), CLEAN);
  for (let i = 0; i < 8; i++) {
    await sleep(100);
    appendFileSync(join(folder, 'growing.dmp'), CLEAN);
    expect(events).toEqual([]);
  }
  appendFileSync(join(folder, 'growing.dmp'), DIRTY);
  writeFileSync(join(root, 'elsewhere'), DIRTY);
  renameSync(join(root, 'elsewhere'), join(folder, 'renamed.dmp'));
  while (events.length < 2) await sleep(50);
  stop.abort();
  await done;
  expect(outcomes()).toEqual({ 'growing.dmp': 'findings', 'renamed.dmp': 'findings' });
  expect(readFileSync(join(closed, 'growing.dmp'), 'utf8')).toBe(CLEAN.repeat(9) + DIRTY);
});

it('says when a file can not be moved, and leaves it', async () => {
  writeFileSync(join(folder, 'a.dmp'), DIRTY);
  const stop = new AbortController();
  const onEvent = (event: WatchEvent): void => {
    events.push(event);
    stop.abort();
  };
  await watchFolder(scanner, options({ quarantine: join(root, 'absent'), onEvent, signal: stop.signal }));
  expect(events).toMatchObject([{ outcome: 'error', error: 'ENOENT' }]);
  expect(existsSync(join(folder, 'a.dmp'))).toBe(true);
});

// Each scans several times.
describe('redacting', { timeout: 60_000 }, () => {
  const TEXT = `before\n${make.pem('RSA PRIVATE KEY', make.pkcs1(make.rsa()))}after\n`;
  const redacting = (more: Partial<WatchOptions> = {}): WatchOptions => options({ redact: { threads: 1 }, ...more });
  const isRedacted = (text: string): boolean => /^before\n\*+\n[*\n]*after\n$/.test(text);

  it('keeps the original in quarantine, with a copy in its place that is not looked at again', async () => {
    writeFileSync(join(folder, 'dirty.dmp'), TEXT);
    chmodSync(join(folder, 'dirty.dmp'), 0o644);
    writeFileSync(join(folder, 'clean.dmp'), CLEAN);
    const { ino } = statSync(join(folder, 'dirty.dmp'));
    expect(await watchFolder(scanner, redacting())).toBe('redacted');
    expect(outcomes()).toEqual({ 'clean.dmp': 'clean', 'dirty.dmp': 'redacted' });
    expect(events.find(({ outcome }) => outcome === 'redacted')).toMatchObject({
      movedTo: join(closed, 'dirty.dmp'),
      findings: [{ verdict: 'proven' }],
    });
    expect(readFileSync(join(closed, 'dirty.dmp'), 'utf8')).toBe(TEXT);
    expect(statSync(join(closed, 'dirty.dmp'))).toMatchObject({ ino, nlink: 1 });
    expect(statSync(join(closed, 'dirty.dmp')).mode & 0o777).toBe(0o600);
    const copy = readFileSync(join(folder, 'dirty.dmp'), 'utf8');
    expect({ length: copy.length, isRedacted: isRedacted(copy) }).toEqual({ length: TEXT.length, isRedacted: true });
    expect(statSync(join(folder, 'dirty.dmp')).mode & 0o777).toBe(0o644);
    expect(readdirSync(folder).sort()).toEqual(['clean.dmp', 'dirty.dmp']);
    expect(state).toMatchObject({ 'dirty.dmp': { outcome: 'redacted' } });
    expect(await watchFolder(scanner, redacting())).toBeUndefined();
  });

  it('replaces the file where there is no quarantine', async () => {
    writeFileSync(join(folder, 'a.dmp'), TEXT);
    expect(await watchFolder(scanner, redacting({ quarantine: undefined }))).toBe('redacted');
    expect(isRedacted(readFileSync(join(folder, 'a.dmp'), 'utf8'))).toBe(true);
    expect(readdirSync(folder)).toEqual(['a.dmp']);
    expect(events[0]).not.toHaveProperty('movedTo');
  });

  it('makes no copy of what was not wholly searched, or can not be written again', async () => {
    writeFileSync(join(folder, 'cut.gz'), gzipSync(make.bytes(90_000)).subarray(0, 60_000));
    const dirtyAndCut = Buffer.concat([
      tarEntry('a.pem', Buffer.from(TEXT)),
      tarEntry('b.gz', gzipSync(make.bytes(90_000)).subarray(0, 60_000)),
      Buffer.alloc(1024),
    ]);
    writeFileSync(join(folder, 'both.tar'), dirtyAndCut);
    expect(await watchFolder(scanner, redacting())).toBe('findings');
    expect(outcomes()).toEqual({ 'cut.gz': 'incomplete', 'both.tar': 'findings' });
    expect(events.find(({ outcome }) => outcome === 'findings')).toMatchObject({
      notRedacted: 'incomplete',
      movedTo: join(closed, 'both.tar'),
    });
    expect(readdirSync(folder)).toEqual([]);
    expect(readFileSync(join(closed, 'both.tar')).equals(dirtyAndCut)).toBe(true);
  });

  it('takes no copy of an original that can not be kept', async () => {
    writeFileSync(join(folder, 'a.dmp'), TEXT);
    const stop = new AbortController();
    const onEvent = (event: WatchEvent): void => {
      events.push(event);
      stop.abort();
    };
    await watchFolder(scanner, redacting({ quarantine: join(root, 'absent'), onEvent, signal: stop.signal }));
    expect(events).toMatchObject([{ outcome: 'error', error: 'ENOENT' }]);
    expect(readFileSync(join(folder, 'a.dmp'), 'utf8')).toBe(TEXT);
    expect(readdirSync(folder)).toEqual(['a.dmp']);
  });

  it('passes over the drafts of others', async () => {
    writeFileSync(join(folder, '.a.dmp.dumpsieve-0123456789ab'), TEXT);
    expect(await watchFolder(scanner, redacting())).toBeUndefined();
  });

  it('keeps an original only once when a run before was killed', async () => {
    writeFileSync(join(folder, 'a.dmp'), TEXT);
    linkSync(join(folder, 'a.dmp'), join(closed, 'a.dmp'));
    expect(await watchFolder(scanner, redacting())).toBe('redacted');
    expect(readdirSync(closed)).toEqual(['a.dmp']);
    expect(readFileSync(join(closed, 'a.dmp'), 'utf8')).toBe(TEXT);
    expect(isRedacted(readFileSync(join(folder, 'a.dmp'), 'utf8'))).toBe(true);
  });
});
