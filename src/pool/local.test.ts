import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ScanTask } from '../model/task.ts';
import { DEFAULT_CONTEXT } from '../scan/context.ts';
import { createLocalRunner } from './local.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
  for (const name of ['a', 'b']) {
    writeFileSync(join(root, name), '');
    truncateSync(join(root, name), 2 ** 26);
  }
});
afterAll(() => rmSync(root, { recursive: true }));

/** A pack of one detector that accepts nothing. */
const PACK = `export default [{
  id: 'needle', title: '', doc: '', severity: 'low', anchors: [{ text: 'needle' }], reach: { before: 0, after: 16 },
  parse: () => undefined, verify: () => [], examples: () => ({ hits: [], misses: [] }),
}]`;
const patternsUrl = `data:text/javascript,${encodeURIComponent(PACK)}`;
const options = { ...DEFAULT_CONTEXT, patternsUrl, fingerprintKey: new Uint8Array(32) };

function task(id: number, name: string): ScanTask {
  return { kind: 'scan', id, locator: { source: 'file', id: join(root, name), label: name, size: 2 ** 26 }, trail: [] };
}

it('runs tasks one after the other, even when asked for two at once', async () => {
  let bytes = 0;
  const onProgress = (done: number): void => {
    bytes += done;
  };
  const runner = await createLocalRunner(options, { signal: new AbortController().signal, onProgress });
  const results = await Promise.all([runner.run(task(1, 'a')), runner.run(task(2, 'b'))]);
  await runner.close();
  expect(results.map(({ id, stats, gaps }) => [id, stats.bytes, gaps])).toEqual([
    [1, 2 ** 26, []],
    [2, 2 ** 26, []],
  ]);
  expect(bytes).toBe(2 ** 27);
});

it('ends a task early when aborted', async () => {
  const controller = new AbortController();
  const hooks = { signal: controller.signal, onProgress: () => controller.abort() };
  const { gaps, stats } = await (await createLocalRunner(options, hooks)).run(task(1, 'a'));
  expect(gaps.map(({ code }) => code)).toEqual(['interrupted']);
  expect(stats.bytes).toBeLessThan(2 ** 26);
});

it('rejects when the patterns can not be loaded', async () => {
  const broken = { ...options, patternsUrl: 'file:///absent/patterns.js' };
  const hooks = { signal: new AbortController().signal, onProgress: () => undefined };
  await expect(createLocalRunner(broken, hooks)).rejects.toThrow();
});
