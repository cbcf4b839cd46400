/** How a task runs joins: with a ceiling of time, stopped when asked to, and alive for the watchdog. */
import { describe, expect, it } from 'vitest';
import type { Join, JoinResult } from '../join/join.ts';
import { packLead } from '../model/packed-leads.ts';
import type { TaskResult } from '../model/task.ts';
import { createPublicInventory } from '../proof/public-inventory.ts';
import { type Context, DEFAULT_CONTEXT } from './context.ts';
import { memoryInput } from './memory-input.ts';
import { runTask } from './run-task.ts';

const LEADS: number[] = [];
packLead(LEADS, { kind: 'number', encoding: 'bytes', start: 100, end: 132 });
packLead(LEADS, { kind: 'public-key', encoding: 'bytes', start: 300, end: 391 });

function joinOf(id: string, join: Join['join'], kinds: Join['kinds'] = ['number']): Join {
  return { id, title: id, doc: id, severity: 'high', kinds, join };
}

function* steps(count: number): Generator<undefined> {
  for (let i = 0; i < count; i++) yield;
}
const stepping = (count: number): JoinResult => ({ claims: steps(count), overBudget: false });

interface Options {
  readonly joins: readonly (readonly Join[])[];
  readonly leads?: readonly number[];
  readonly share?: number;
  readonly isThinned?: boolean;
  readonly maxJoinMs?: number;
  readonly signal?: AbortSignal;
  onProgress?(): void;
}

function run({
  joins,
  leads = LEADS,
  share,
  isThinned = false,
  maxJoinMs = 1000,
  signal,
  onProgress,
}: Options): Promise<TaskResult> {
  const context = {
    options: { ...DEFAULT_CONTEXT, patternsUrl: '', fingerprintKey: new Uint8Array(32), maxJoinMs },
    detectors: [],
    kernel: { wipe: () => undefined },
    inventory: createPublicInventory([]),
    joins,
    plugins: { formats: [], containers: [] },
    open: async () => memoryInput(new Uint8Array(1000)),
    onProgress: onProgress ?? (() => undefined),
    signal: signal ?? new AbortController().signal,
  } as unknown as Context;
  const locator = { source: 'memory', id: 'memory', label: 'memory' };
  const task = { kind: 'join', id: 1, locator, trail: [], leads, isThinned } as const;
  return runTask({ ...task, ...(share !== undefined && { share }) }, context);
}

const endless = joinOf('endless', () => stepping(Number.POSITIVE_INFINITY));

describe('a join task', () => {
  it('runs the joins of its share with leads of their kinds, or all', async () => {
    const seen: string[] = [];
    const see = (id: string, kinds: Join['kinds']): Join =>
      joinOf(
        id,
        (windows) => {
          seen.push(`${id} ${windows.map(({ lead }) => lead.start).join()}`);
          return stepping(3);
        },
        kinds,
      );
    const joins = [[see('a', ['number'])], [see('b', ['number', 'public-key']), see('c', ['base64url-value'])]];
    await run({ joins, share: 1 });
    expect(seen.splice(0)).toEqual(['b 100,300']);
    expect((await run({ joins })).gaps).toEqual([]);
    expect(seen.splice(0)).toEqual(['a 100', 'b 100,300']);
    await run({ joins, share: 3 });
    expect(seen).toEqual([]);
  });

  it('is told when leads were left out', async () => {
    for (const isThinned of [false, true]) {
      const told: (boolean | undefined)[] = [];
      const join = joinOf('a', (_, thinned) => {
        told.push(thinned);
        return stepping(1);
      });
      await run({ joins: [[join]], isThinned });
      expect(told).toEqual([isThinned]);
    }
  });

  it('gets texts only where something can prove one of them', async () => {
    const text: number[] = [];
    packLead(text, { kind: 'text-key', encoding: 'bytes', start: 500, end: 544 });
    const token: number[] = [];
    packLead(token, { kind: 'token', encoding: 'bytes', start: 600, end: 700 });
    const seen: string[] = [];
    const see = joinOf(
      'see',
      (windows) => {
        seen.push(windows.map(({ lead }) => lead.kind).join());
        return stepping(1);
      },
      ['number', 'text-key', 'token'],
    );
    await run({ joins: [[see]], leads: [...LEADS, ...text] });
    await run({ joins: [[see]], leads: [...LEADS, ...text, ...token] });
    expect(seen).toEqual(['number', 'number,text-key,token']);
    // Joins that take public keys find these in numbers and texts, too.
    await run({ joins: [[{ ...see, kinds: ['number', 'text-key', 'public-key'] }]], leads: [...LEADS, ...text] });
    expect(seen[2]).toBe('number,public-key,text-key');
  });

  it('ends a join that takes too long, says so, and goes on with the next one', async () => {
    let ran = false;
    const next = joinOf('next', () => {
      ran = true;
      return stepping(1);
    });
    const { gaps } = await run({ joins: [[endless, next]], maxJoinMs: 30 });
    expect(gaps).toEqual([{ code: 'over-budget', input: 'memory', detector: 'endless', detail: 'time' }]);
    expect(ran).toBe(true);
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    const { gaps } = await run({ joins: [[endless, endless]], maxJoinMs: 60_000, signal: controller.signal });
    expect(gaps).toEqual([{ code: 'interrupted', input: 'memory', detector: 'endless' }]);
  });

  it('tells the watchdog at every step that it is alive', async () => {
    let beats = 0;
    await run({ joins: [[joinOf('steps', () => stepping(500))]], onProgress: () => void beats++ });
    expect(beats).toBeGreaterThan(499);
  });

  it('says that a budget ended, and which join failed', async () => {
    const spent = joinOf('spent', () => ({ claims: steps(2), overBudget: true }));
    const broken = joinOf('broken', () => {
      throw new Error('a message that may quote input');
    });
    const { gaps } = await run({ joins: [[broken, spent]] });
    expect(gaps).toEqual([
      { code: 'detector-failed', input: 'memory', detector: 'broken' },
      { code: 'over-budget', input: 'memory', detector: 'spent' },
    ]);
  });
});
