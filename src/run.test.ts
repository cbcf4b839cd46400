import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createArtifacts } from './artifacts.ts';
import type { Finding, Gap } from './model/finding.ts';
import { type PackedLeads, packLead, unpackLeads } from './model/packed-leads.ts';
import type { Locator } from './model/place.ts';
import { MAX_LISTED_GAPS, type TaskRunner } from './model/result.ts';
import { JOIN_SHARES, NO_STATS, type Task, type TaskResult } from './model/task.ts';
import { RANGE_BYTES, run, SHARED_LEADS, WHOLE_BYTES } from './run.ts';

const never = new AbortController().signal;

function locator(id: string, size = 10): Locator {
  return { source: 'file', id, label: id, size };
}

async function* listing(...items: (Locator | Gap)[]): AsyncGenerator<Locator | Gap> {
  yield* items;
}

/** A runner that answers with what `answer` adds to an empty result, and remembers what it was asked. */
function fakeRunner(answer: (task: Task) => Partial<TaskResult> = () => ({}), concurrency = 4) {
  const tasks: Task[] = [];
  const load = { now: 0, most: 0 };
  const runner: TaskRunner = {
    concurrency,
    async run(task) {
      tasks.push(task);
      load.most = Math.max(load.most, ++load.now);
      await sleep(1);
      load.now--;
      return { id: task.id, findings: [], gaps: [], leads: [], rest: [], stats: NO_STATS, ...answer(task) };
    },
    async close() {},
  };
  return { runner, tasks, load };
}

/** Leads at these places. */
function leadsAt(...starts: readonly number[]): number[] {
  const leads: number[] = [];
  for (const start of starts) packLead(leads, { kind: 'base64url-value', encoding: 'bytes', start, end: start + 4 });
  return leads;
}
const startsOf = (leads: PackedLeads): number[] => unpackLeads(leads).map(({ start }) => start);

describe('run', () => {
  it('scans each listed input, and adds up', async () => {
    const { runner, tasks } = fakeRunner(() => ({ stats: { ...NO_STATS, bytes: 10, hits: 1 } }));
    const result = await run(listing(locator('a'), locator('b')), runner, never);
    expect(tasks.map((task) => [task.kind, task.locator.id])).toEqual([
      ['scan', 'a'],
      ['scan', 'b'],
    ]);
    expect(new Set(tasks.map((task) => task.id)).size).toBe(2);
    expect(result).toMatchObject({ inputs: 2, stats: { bytes: 20, hits: 2 }, interrupted: false, gaps: [] });
  });

  it('is done when nothing is listed', async () => {
    expect(await run(listing(), fakeRunner().runner, never)).toMatchObject({ inputs: 0, findings: [], gaps: [] });
  });

  it('cuts large files into ranges that partition them', async () => {
    const size = WHOLE_BYTES + RANGE_BYTES + 5;
    const { runner, tasks } = fakeRunner();
    await run(listing(locator('large', size), locator('whole', WHOLE_BYTES)), runner, never);
    const ranges = tasks.flatMap((task) => (task.kind === 'scan' && task.range ? [task.range] : []));
    expect(ranges).toHaveLength(4);
    let end = 0;
    for (const range of ranges) {
      expect(range.start).toBe(end);
      expect(range.start % (1 << 20)).toBe(0);
      end = range.end;
    }
    expect(end).toBe(size);
    expect(tasks.find((task) => task.locator.id === 'whole')).not.toHaveProperty('range');
  });

  it('never cuts a stream', async () => {
    const { runner, tasks } = fakeRunner();
    await run(listing({ source: 'stdin', id: '-', label: 'stdin', size: 2 * WHOLE_BYTES }), runner, never);
    expect(tasks).toHaveLength(1);
  });

  it('keeps no more tasks in flight than the runner wants, nor lists ahead of them', async () => {
    let listed = 0;
    let done = 0;
    let most = 0;
    async function* many(): AsyncGenerator<Locator> {
      for (let i = 0; i < 200; i++) {
        listed++;
        most = Math.max(most, listed - done);
        yield locator(`f${i}`);
      }
    }
    const { runner, load, tasks } = fakeRunner(() => {
      done++;
      return {};
    }, 3);
    await run(many(), runner, never);
    expect(tasks).toHaveLength(200);
    expect(load.most).toBe(3);
    expect(most).toBeLessThanOrEqual(5);
  });

  it('keeps threads busy while the listing is slow', async () => {
    async function* slow(): AsyncGenerator<Locator> {
      yield locator('large', WHOLE_BYTES + 1);
      await sleep(50);
      yield locator('late');
    }
    const { runner, tasks } = fakeRunner();
    await run(slow(), runner, never);
    expect(tasks).toHaveLength(4);
  });

  it('does the rest that a task leaves, and joins once when the artifact is done', async () => {
    const trail = [{ container: 'zip', member: 'core' }];
    const { runner, tasks } = fakeRunner((task) => {
      if (task.kind === 'join') return {};
      if (task.id === 1) {
        const range = { start: 5, end: 10 };
        return {
          leads: leadsAt(3),
          rest: [
            { kind: 'scan', id: 0, locator: task.locator, trail: [], range },
            { kind: 'scan', id: 0, locator: task.locator, trail },
          ],
        };
      }
      return { leads: leadsAt(task.trail.length > 0 ? 7 : 1) };
    });
    await run(listing(locator('a')), runner, never);
    expect(tasks.filter((task) => task.kind === 'scan')).toHaveLength(3);
    const joins = tasks.filter((task) => task.kind === 'join');
    expect(joins.map((join) => [join.trail, startsOf(join.leads)])).toEqual(
      expect.arrayContaining([
        [[], [1, 3]],
        [trail, [7]],
      ]),
    );
    expect(joins).toHaveLength(2);
  });

  it('waits for every range before it joins', async () => {
    const { runner, tasks } = fakeRunner((task) => ({
      leads: task.kind === 'scan' && task.range ? leadsAt(task.range.start) : [],
    }));
    await run(listing(locator('large', WHOLE_BYTES + 1)), runner, never);
    expect(tasks.map((task) => task.kind)).toEqual(['scan', 'scan', 'scan', 'join']);
    const join = tasks.find((task) => task.kind === 'join');
    expect(startsOf(join!.leads)).toEqual([0, RANGE_BYTES, 2 * RANGE_BYTES]);
  });

  it('deals many leads out to several joins', async () => {
    const many = leadsAt(...Array.from({ length: SHARED_LEADS }, (_, i) => 10 * i));
    const { runner, tasks } = fakeRunner((task) => ({ leads: task.kind === 'scan' ? many : [] }));
    await run(listing(locator('a')), runner, never);
    const joins = tasks.filter((task) => task.kind === 'join');
    expect(joins.map(({ share }) => share)).toEqual(Array.from({ length: JOIN_SHARES }, (_, share) => share));
    for (const join of joins) expect(join.leads).toHaveLength(many.length);
  });

  it('passes on what it sees, and merges in the end', async () => {
    const sighting = (start: number): Finding => ({
      detector: 'x',
      severity: 'high',
      verdict: 'proven',
      fingerprint: 'f',
      traits: { algorithm: 'RSA', form: 'pem', proof: 'p*q=n' },
      places: [{ input: 'a', start, end: start + 5, detector: 'x', form: 'pem', encoding: 'bytes' }],
    });
    const seen: string[] = [];
    const { runner } = fakeRunner((task) => ({ findings: [sighting(task.id * 10)] }));
    const result = await run(listing(locator('a'), { code: 'unreadable', input: 'c' }, locator('b')), runner, never, {
      onInput: ({ id }) => seen.push(id),
      onFinding: ({ fingerprint }) => seen.push(fingerprint),
      onGap: ({ code }) => seen.push(code),
    });
    expect(seen.toSorted()).toEqual(['a', 'b', 'f', 'f', 'unreadable']);
    expect(result.findings).toHaveLength(1);
    expect(result.findings[0]?.places).toHaveLength(2);
  });

  it('lists equal gaps once, and counts beyond the ceiling', async () => {
    const gaps: Gap[] = Array.from({ length: MAX_LISTED_GAPS + 7 }, (_, i) => ({ code: 'encrypted', input: `m${i}` }));
    const { runner } = fakeRunner((task) => ({ gaps: [{ code: 'changed', input: task.locator.label }, ...gaps] }));
    const result = await run(listing(locator('large', WHOLE_BYTES + 1)), runner, never);
    expect(result.gapCounts).toMatchObject({ changed: 1, encrypted: expect.any(Number) });
    expect(result.gaps.filter(({ code }) => code === 'encrypted')).toHaveLength(MAX_LISTED_GAPS);
    expect(result.gapCounts.encrypted).toBeGreaterThan(MAX_LISTED_GAPS);
  });

  it('ends when aborted, with what is left as gaps', async () => {
    const controller = new AbortController();
    const { runner, tasks } = fakeRunner(() => {
      controller.abort();
      return {};
    }, 1);
    const items = [locator('large', 10 * RANGE_BYTES), locator('later')];
    const result = await run(listing(...items), runner, controller.signal);
    expect(tasks).toHaveLength(1);
    expect(result.interrupted).toBe(true);
    expect(result.gaps).toEqual([
      { code: 'interrupted', input: '(inputs not listed yet)' },
      { code: 'interrupted', input: 'large', span: { start: RANGE_BYTES, end: 10 * RANGE_BYTES } },
    ]);
  });

  it('does not wait for a listing that hangs', async () => {
    async function* hanging(): AsyncGenerator<Locator> {
      yield locator('a');
      await new Promise(() => undefined);
    }
    const result = await run(hanging(), fakeRunner().runner, AbortSignal.timeout(30));
    expect(result).toMatchObject({ inputs: 1, interrupted: true });
  });

  it('is not interrupted by a signal that comes after the end', async () => {
    const controller = new AbortController();
    const result = await run(listing(locator('a')), fakeRunner().runner, controller.signal);
    controller.abort();
    expect(result.interrupted).toBe(false);
  });

  it('rejects with what the listing throws', async () => {
    async function* broken(): AsyncGenerator<Locator> {
      yield locator('a');
      throw new Error('listing');
    }
    await expect(run(broken(), fakeRunner().runner, never)).rejects.toThrow('listing');
  });
});

describe('createArtifacts', () => {
  it('drops leads above its ceiling, and says so', () => {
    const artifacts = createArtifacts(2);
    const work = { locator: locator('a'), trail: [] };
    artifacts.open(work);
    artifacts.open(work);
    expect(artifacts.close(work, leadsAt(9, 5, 1))).toEqual({ full: true });
    const { full, join } = artifacts.close(work, []);
    expect(full).toBe(false);
    expect(startsOf(join!.leads)).toEqual([5, 9]);
    expect(join!.isThinned).toBe(true);
  });

  it('tells the join whether a task left leads out', () => {
    const artifacts = createArtifacts();
    const work = { locator: locator('a'), trail: [] };
    for (const isThinned of [false, true]) {
      artifacts.open(work);
      artifacts.open(work);
      artifacts.close(work, leadsAt(9), isThinned);
      expect(artifacts.close(work, leadsAt(1)).join?.isThinned).toBe(isThinned);
    }
  });
});
