/**
 * Leads as they cross threads and queues: a dump may have a million, and as objects each would take a hundred bytes on
 * the main thread. Three numbers each: what it is, `start`, length. A wire type.
 */
import { ENCODINGS } from './place.ts';
import { LEAD_KINDS, type Lead } from './task.ts';

export type PackedLeads = readonly number[];

const NUMBERS = 3;

export function packLead(leads: number[], { kind, encoding, start, end }: Lead): void {
  leads.push(LEAD_KINDS.indexOf(kind) * ENCODINGS.length + ENCODINGS.indexOf(encoding), start, end - start);
}

export function countLeads(leads: PackedLeads): number {
  return leads.length / NUMBERS;
}

/** Leaves out those for which `kept` is false. */
export function keepLeads(leads: number[], kept: readonly boolean[]): void {
  let to = 0;
  for (const [i, isKept] of kept.entries()) {
    if (!isKept) continue;
    for (let j = 0; j < NUMBERS; j++) leads[to++] = leads[i * NUMBERS + j]!;
  }
  leads.length = to;
}

/** Adds what is in `from` to `to` until that holds `most` leads; returns false when some were left out. */
export function appendLeads(to: number[], from: PackedLeads, most: number): boolean {
  const count = Math.min(from.length, most * NUMBERS - to.length);
  for (let i = 0; i < count; i++) to.push(from[i]!);
  return count === from.length;
}

/** In order of `start`. What isn't a lead (a queue may hold anything) is left out. */
export function unpackLeads(leads: PackedLeads): Lead[] {
  const unpacked: Lead[] = [];
  for (let i = 0; i + NUMBERS <= leads.length; i += NUMBERS) {
    const [code, start, length] = [leads[i]!, leads[i + 1]!, leads[i + 2]!];
    const kind = LEAD_KINDS[Math.floor(code / ENCODINGS.length)];
    const encoding = ENCODINGS[code % ENCODINGS.length];
    if (kind && encoding && start >= 0 && length >= 0) unpacked.push({ kind, encoding, start, end: start + length });
  }
  return unpacked.sort((a, b) => a.start - b.start || a.end - b.end);
}
