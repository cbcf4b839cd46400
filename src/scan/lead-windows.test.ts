import { describe, expect, it } from 'vitest';
import { byteAt, patternInput } from '../../test/support/pattern-input.ts';
import { startOfAround } from '../join/join.ts';
import { SourceError } from '../model/errors.ts';
import type { Lead } from '../model/task.ts';
import { LEAD_BUDGET, readLeads, wipeWindows } from './lead-windows.ts';

const leadAt = (start: number, length = 32): Lead => ({
  kind: 'number',
  encoding: 'bytes',
  start,
  end: start + length,
});
const nothing = (): void => undefined;

describe('readLeads', () => {
  it('gives each lead its bytes and what is around them', async () => {
    const leads = [
      leadAt(0),
      leadAt(40, 100),
      leadAt(40, 200),
      leadAt(5000, 40_000),
      leadAt(3_000_000),
      leadAt(3_999_990, 10),
    ];
    const { windows, overBudget } = await readLeads(leads, patternInput(4_000_000), nothing);
    expect(overBudget).toBe(false);
    expect(windows.map(({ lead }) => lead)).toEqual(leads);
    for (const window of windows) {
      const from = startOfAround(window);
      expect(from).toBe(Math.max(0, window.lead.start - 16));
      expect(from + window.around.length).toBe(Math.min(4_000_000, window.lead.end + 16));
      expect(window.bytes).toHaveLength(window.lead.end - window.lead.start);
      expect(window.around.every((byte, i) => byte === byteAt(from + i))).toBe(true);
    }
  });

  it('reads neighbours at once, but never all of a large file', async () => {
    const leads = Array.from({ length: 10_000 }, (_, i) => leadAt(1000 * i));
    const input = patternInput(10_000_000);
    let breaths = 0;
    await readLeads(leads, input, () => void breaths++);
    expect(input.reads.length).toBeGreaterThan(8);
    expect(input.reads.length).toBeLessThan(20);
    expect(breaths).toBe(input.reads.length);
    const far = patternInput(1e9);
    await readLeads([leadAt(0), leadAt(5e8)], far, nothing);
    expect(far.reads).toEqual([0, 5e8 - 16]);
  });

  it('leaves the longest out when there are too many', async () => {
    const leads = [leadAt(0, 1000), leadAt(5000, 50), leadAt(6000, 60), leadAt(7000, 70)];
    const few = await readLeads(leads, patternInput(10_000), nothing, { ...LEAD_BUDGET, windows: 2 });
    expect([few.windows.map(({ lead }) => lead.start), few.overBudget]).toEqual([[5000, 6000], true]);
    const small = await readLeads(leads, patternInput(10_000), nothing, { ...LEAD_BUDGET, bytes: 300 });
    expect([small.windows.map(({ lead }) => lead.start), small.overBudget]).toEqual([[5000, 6000, 7000], true]);
  });

  it('keeps those of rare lengths, and the shortest of the others', async () => {
    const bulk = Array.from({ length: 200 }, (_, i) => leadAt(1000 * i, i % 2 === 0 ? 32 : 64));
    const rare = [leadAt(500, 128), leadAt(100_500, 256), leadAt(150_500, 40_000)];
    const leads = [...bulk, ...rare].sort((one, other) => one.start - other.start);
    const budget = { windows: 110, bytes: 16_000 };
    const { windows, overBudget } = await readLeads(leads, patternInput(1_000_000), nothing, budget);
    expect(overBudget).toBe(true);
    const lengths = windows.map(({ lead }) => lead.end - lead.start);
    expect([32, 64, 128, 256, 40_000].map((length) => lengths.filter((own) => own === length).length)).toEqual([
      100, 8, 1, 1, 0,
    ]);
    expect(windows.map(({ lead }) => lead)).toEqual(leads.filter((lead) => windows.some((own) => own.lead === lead)));
  });

  it('says that a file has shrunk', async () => {
    await expect(readLeads([leadAt(100), leadAt(980)], patternInput(1000), nothing)).rejects.toThrow(SourceError);
  });

  it('forgets when it is told to', async () => {
    const { windows } = await readLeads([leadAt(100)], patternInput(1000), nothing);
    wipeWindows(windows);
    expect(windows[0]!.around.every((byte) => byte === 0)).toBe(true);
  });
});
