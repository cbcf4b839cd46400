/** The pool on real threads, with workers that crash, hang, and use up their memory. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Locator } from '../src/model/place.ts';
import type { TaskRunner } from '../src/model/result.ts';
import type { ScanTask } from '../src/model/task.ts';
import { createPool, type PoolOptions } from '../src/pool/pool.ts';
import { planThreads } from '../src/pool/runner.ts';
import { run } from '../src/run.ts';
import type { ContextOptions } from '../src/scan/context.ts';
import { DEFAULT_LIMITS } from '../src/scan/quota.ts';

const MIB = 1024 * 1024;
const context: ContextOptions = {
  patternsUrl: '',
  packUrls: [],
  rules: [],
  fingerprintKey: new Uint8Array(32),
  simd: 'auto',
  chunkBytes: MIB,
  maxLeads: 10,
  maxVerifyMs: 1000,
  maxJoinMs: 30_000,
  inventory: [],
  knownKeys: [],
  memoryKeys: 'off',
  ...DEFAULT_LIMITS,
};

let pool: TaskRunner | undefined;
let progress = 0;
let controller = new AbortController();

function startPool(options: Partial<PoolOptions> = {}, more: Partial<ContextOptions> = {}): TaskRunner {
  progress = 0;
  controller = new AbortController();
  pool = createPool(
    { ...context, ...more },
    {
      threads: 2,
      heapBytes: 64 * MIB,
      stallMs: 1000,
      workerUrl: new URL('fixtures/faulty-worker.mjs', import.meta.url),
      ...options,
    },
    {
      signal: controller.signal,
      onProgress: (bytes) => {
        progress += bytes;
      },
    },
  );
  return pool;
}

let lastId = 0;
function task(behaviour: string, id = 'x'): ScanTask {
  const locator: Locator = { source: 'file', id, label: behaviour };
  return { kind: 'scan', id: ++lastId, locator, trail: [], range: { start: 0, end: 8 } };
}

afterEach(async () => {
  await pool?.close();
  pool = undefined;
});

describe('a worker that is lost', () => {
  it.each([
    ['ends', 'exit', 'crashed'],
    ['throws where nobody catches', 'throwLater', 'crashed'],
    ['rejects, which workers never should', 'reject', 'crashed'],
    ['hangs in a loop', 'hang', 'stalled'],
    ['waits for ever', 'wait', 'stalled'],
    ['uses up its memory', 'exhaust', 'out-of-memory'],
  ])('%s: costs its task, and nothing of the error leaves', async (_, behaviour, detail) => {
    const runner = startPool();
    const bad = task(behaviour);
    const [lost, ...others] = await Promise.all([
      runner.run(bad),
      ...['ok', 'ok', 'ok'].map((name) => runner.run(task(name))),
    ]);
    expect(lost).toMatchObject({
      id: bad.id,
      findings: [],
      gaps: [{ code: 'worker-lost', input: behaviour, span: { start: 0, end: 8 }, detail }],
    });
    expect(JSON.stringify(lost)).not.toContain('canary');
    for (const other of others) expect(other.gaps).toEqual([]);
    expect((await runner.run(task('ok'))).gaps).toEqual([]);
  });

  it('is replaced, and its task tried once more', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
    const flag = join(folder, 'crashed-once');
    expect((await startPool().run(task('onceOnly', flag))).gaps).toEqual([]);
    expect(existsSync(flag)).toBe(true);
    rmSync(folder, { recursive: true });
  });

  it('can be every one of many', async () => {
    const runner = startPool();
    const listing = Array.from({ length: 12 }, (_, i) => ({
      source: 'file',
      id: String(i),
      label: i % 3 === 0 ? 'exit' : 'ok',
    }));
    async function* list() {
      yield* listing;
    }
    const result = await run(list(), runner, controller.signal);
    expect(result.inputs).toBe(12);
    expect(result.gapCounts).toEqual({ 'worker-lost': 1 });
  });

  it('never starts: the tasks become gaps', async () => {
    const runner = startPool({}, { patternsUrl: 'fail-at-start' });
    const results = await Promise.all([runner.run(task('ok')), runner.run(task('ok'))]);
    for (const { gaps } of results) expect(gaps).toMatchObject([{ code: 'worker-lost' }]);
  });
});

describe('a worker that is well', () => {
  it('is not taken for lost while it makes progress', async () => {
    const result = await startPool({ stallMs: 400 }).run(task('busy'));
    expect(result.gaps).toEqual([]);
    expect(progress).toBeGreaterThanOrEqual(12 * MIB);
  });

  it('is not taken for lost while its tasks wait for each other', async () => {
    const runner = startPool({ threads: 1, stallMs: 500 });
    const results = await Promise.all([runner.run(task('busy')), runner.run(task('busy'))]);
    for (const { gaps } of results) expect(gaps).toEqual([]);
  });

  it('shares the work with the others', async () => {
    const runner = startPool();
    const results = await Promise.all(Array.from({ length: 4 }, () => runner.run(task('slow'))));
    expect(new Set(results.map(({ stats }) => stats.bytes)).size).toBe(2);
  });

  it('takes no more tasks than agreed', async () => {
    const runner = startPool();
    const running = Array.from({ length: runner.concurrency }, () => runner.run(task('slow')));
    await expect(runner.run(task('ok'))).rejects.toThrow('in flight');
    await Promise.all(running);
  });
});

describe('an abort', () => {
  it('lets workers end by themselves', async () => {
    const runner = startPool({ stallMs: 60_000 });
    const running = runner.run(task('slow'));
    setTimeout(() => controller.abort(), 50);
    expect((await running).gaps).toEqual([]);
  });

  it('ends those that do not', async () => {
    const runner = startPool({ stallMs: 60_000 });
    const running = runner.run(task('hang'));
    setTimeout(() => controller.abort(), 100);
    const started = Date.now();
    expect((await running).gaps).toMatchObject([{ code: 'interrupted', input: 'hang' }]);
    expect(Date.now() - started).toBeLessThan(8000);
  });
});

describe('planThreads', () => {
  it('shares the memory', () => {
    expect(planThreads({ threads: 4, maxMemoryBytes: 1024 * MIB })).toEqual({ threads: 4, heapBytes: 256 * MIB });
  });
  it('takes fewer threads when memory is short', () => {
    expect(planThreads({ threads: 8, maxMemoryBytes: 200 * MIB }).threads).toBe(3);
  });
  it.each([{ threads: 0 }, { threads: 1.5 }, { maxMemoryBytes: 1 }, { maxMemoryBytes: Number.NaN }])(
    'rejects %j',
    (o) => {
      expect(() => planThreads(o)).toThrow(expect.objectContaining({ name: 'UsageError' }));
    },
  );
});
