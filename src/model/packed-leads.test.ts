import { expect, it } from 'vitest';
import { appendLeads, countLeads, packLead, unpackLeads } from './packed-leads.ts';
import { LEAD_KINDS, type Lead } from './task.ts';

const leads: readonly Lead[] = LEAD_KINDS.flatMap((kind, i) => [
  { kind, encoding: 'bytes', start: 2 ** 40 + i, end: 2 ** 40 + i + 32 },
  { kind, encoding: 'utf-32be', start: i, end: i + 32_768 },
]);
const packed: number[] = [];
for (const lead of leads) packLead(packed, lead);

it('gives back what was packed, in order of start', () => {
  expect(countLeads(packed)).toBe(leads.length);
  expect(unpackLeads(packed)).toEqual([...leads].sort((a, b) => a.start - b.start));
});

it('leaves out what is no lead', () => {
  expect(unpackLeads([999, 1, 2, -1, 1, 2, 0, -1, 2, 0, 5, Number.NaN, 0, 1])).toEqual([]);
});

it('keeps to a ceiling, whole leads only', () => {
  const some: number[] = [];
  expect(appendLeads(some, packed, 100)).toBe(true);
  expect(some).toEqual(packed);
  expect(appendLeads(some, packed, leads.length + 1)).toBe(false);
  expect(countLeads(some)).toBe(leads.length + 1);
  expect(appendLeads(some, packed, leads.length)).toBe(false);
  expect(countLeads(some)).toBe(leads.length + 1);
});
