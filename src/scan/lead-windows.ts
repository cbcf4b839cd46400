/**
 * Reads the bytes at leads again, for a join: neighbours with one read, and no more of them than memory allows. What is
 * left out are the longest leads, bulk data more often than keys, and those of lengths that very many have.
 */
import { AROUND_BYTES, createWindow, type LeadWindow } from '../join/join.ts';
import { BULK_SHARE, countKinds } from '../join/number-kinds.ts';
import { SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';
import type { Lead } from '../model/task.ts';

/** What one join task may hold: beyond it there is a gap. */
export interface LeadBudget {
  /** Each costs some 400 bytes of heap besides its own. */
  readonly windows: number;
  readonly bytes: number;
}

export const LEAD_BUDGET: LeadBudget = { windows: 300_000, bytes: 64 << 20 };

/** Leads so close together are read at once: a read costs as much as copying this. */
const GAP_BYTES = 16_384;
const READ_BYTES = 1 << 20;

export interface LeadWindows {
  /** In order of `start`. */
  readonly windows: readonly LeadWindow[];
  /** Some leads were left out. */
  readonly overBudget: boolean;
}

/**
 * @param leads in order of `start`
 * @param onRead called after each read; windows come in memory that the caller wipes
 * @throws SourceError when the input can't be read, or is shorter than it was
 */
export async function readLeads(
  leads: readonly Lead[],
  input: Input,
  onRead: () => Promise<void> | void,
  budget: LeadBudget = LEAD_BUDGET,
): Promise<LeadWindows> {
  const { chosen, overBudget } = chooseLeads(leads, budget);
  const windows: LeadWindow[] = [];
  try {
    for (let i = 0; i < chosen.length; ) {
      const from = startOf(chosen[i]!);
      let to = endOf(chosen[i]!);
      let next = i + 1;
      for (; next < chosen.length; next++) {
        const end = Math.max(to, endOf(chosen[next]!));
        if (startOf(chosen[next]!) > to + GAP_BYTES || end - from > READ_BYTES) break;
        to = end;
      }
      const bytes = new Uint8Array(to - from);
      const read = await input.read(bytes, from);
      const group = chosen.slice(i, next);
      for (const lead of group) if (lead.end - from > read) throw new SourceError('truncated', 'join');
      windows.push(...cutWindows(group, bytes.subarray(0, read), from));
      bytes.fill(0);
      i = next;
      await onRead();
    }
  } catch (error) {
    wipeWindows(windows);
    throw error;
  }
  return { windows, overBudget };
}

export function wipeWindows(windows: readonly LeadWindow[]): void {
  for (const { around } of windows) around.fill(0);
}

const startOf = ({ start }: Lead): number => Math.max(0, start - AROUND_BYTES);
const endOf = ({ end }: Lead): number => end + AROUND_BYTES;

/** Copies the surroundings of each lead, all of them into one stretch of memory. */
function cutWindows(leads: readonly Lead[], bytes: Uint8Array, from: number): LeadWindow[] {
  const arena = new Uint8Array(leads.reduce((sum, lead) => sum + endOf(lead) - startOf(lead), 0));
  let at = 0;
  return leads.map((lead) => {
    const start = startOf(lead);
    const source = bytes.subarray(start - from, Math.min(bytes.length, endOf(lead) - from));
    const around = arena.subarray(at, at + source.length);
    around.set(source);
    at += source.length;
    return createWindow(lead, around, lead.start - start);
  });
}

/** Of the budget, for leads of other lengths. */
const RARE_SHARE = 1 / 2;

/**
 * All leads, or as many as the budget allows, in the same order: of lengths that few leads have, first, for arithmetic on a curve leaves hundreds of
 * thousands of numbers of three or four lengths, and RSA keys and public keys are longer; then of all others. Of either the shortest.
 */
function chooseLeads(leads: readonly Lead[], budget: LeadBudget): { chosen: readonly Lead[]; overBudget: boolean } {
  const sum = { windows: leads.length, bytes: leads.reduce((bytes, lead) => bytes + sizeOf(lead), 0) };
  if (sum.windows <= budget.windows && sum.bytes <= budget.bytes) return { chosen: leads, overBudget: false };
  const byLength = [...leads].sort((a, b) => a.end - a.start - (b.end - b.start));
  const counts = countKinds(leads.map(sizeOf));
  const isRare = (lead: Lead): boolean => counts.get(sizeOf(lead))! <= leads.length * BULK_SHARE;
  const share = { windows: budget.windows * RARE_SHARE, bytes: budget.bytes * RARE_SHARE };
  const chosen = new Set(takeFirst(byLength.filter(isRare), share));
  let { windows, bytes } = budget;
  for (const lead of chosen) {
    windows--;
    bytes -= sizeOf(lead);
  }
  const others = byLength.filter((lead) => !chosen.has(lead));
  for (const lead of takeFirst(others, { windows, bytes })) chosen.add(lead);
  return { chosen: leads.filter((lead) => chosen.has(lead)), overBudget: true };
}

const sizeOf = (lead: Lead): number => endOf(lead) - startOf(lead);

function takeFirst(leads: readonly Lead[], { windows, bytes }: LeadBudget): Lead[] {
  let left = bytes;
  const count = leads.findIndex((lead, i) => {
    left -= sizeOf(lead);
    return left < 0 || i >= windows;
  });
  return count === -1 ? [...leads] : leads.slice(0, count);
}
