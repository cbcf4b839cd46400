import { describe, expect, it } from 'vitest';
import { writeNumber } from '../../corpus/encode/numbers.ts';
import { createMake } from '../../corpus/make.ts';
import { BOXED_DIGITS } from '../join/number-layouts.ts';
import { unpackLeads } from '../model/packed-leads.ts';
import { LEAD_BUDGET } from './lead-windows.ts';
import { LeadCollector, memberLength } from './leads.ts';

const make = createMake('leads');
/** Base64url text of `size` random bytes between two others. */
const between = (size: number, before: string, after: string) => {
  const text = make.base64url(make.bytes(size));
  return { bytes: make.ascii(`${before}${text}${after}`), at: before.length, length: text.length };
};
const memberOf = ({ bytes, at, length }: ReturnType<typeof between>) => memberLength(bytes, at, length);

describe('memberLength', () => {
  it.each([32, 48, 56, 57, 66, 64, 96, 128, 192, 256, 384, 512, 1024, 255])('takes a value of %d bytes', (size) => {
    expect(memberOf(between(size, '\0', '\0'))).toBe(Math.ceil((size * 4) / 3));
    expect(memberOf(between(size, '"', '"'))).toBe(Math.ceil((size * 4) / 3));
  });

  it.each([31, 33, 40, 65, 100, 250, 300])('leaves a value of %d bytes', (size) => {
    expect(memberOf(between(size, '\0', '\0'))).toBeUndefined();
  });

  it('leaves lines of wrapped base64 and parts of a JWT', () => {
    expect(memberOf(between(48, '\n', '\n'))).toBeUndefined();
    expect(memberOf(between(57, '\0', '\r'))).toBeUndefined();
    expect(memberOf(between(256, '.', '\0'))).toBeUndefined();
    expect(memberOf(between(32, '\0', '.'))).toBeUndefined();
    expect(memberOf(between(256, '\n', '\n'))).toBe(342);
  });

  it('leaves standard base64 and ends that no encoder writes', () => {
    const text = make.base64url(make.bytes(32));
    expect(memberLength(make.ascii(`+${text.slice(1)}`), 0, 43)).toBeUndefined();
    expect(memberLength(make.ascii(`${text.slice(0, 42)}=`), 0, 43)).toBeUndefined();
    expect(memberLength(make.ascii(`${text.slice(0, 42)}B`), 0, 43)).toBeUndefined();
  });

  it('believes the length before the characters when the run goes on into what follows', () => {
    const header = String.fromCharCode(64, 0, 0, 0);
    const { bytes, at, length } = between(48, header, 'A1\0');
    expect(memberLength(bytes, at, length + 2)).toBe(64);
    expect(memberLength(bytes.subarray(1), at - 1, length + 2)).toBeUndefined();
  });
});

describe('LeadCollector', () => {
  const chunk = { base: 1_000_000, own: { start: 0, end: 4096 }, data: { start: 0, end: 4096 } };

  it('marks positions, and holds bytes only when asked to', () => {
    const { bytes, at, length } = between(32, '\0', '\0');
    const marking = new LeadCollector(10, { hold: false });
    marking.onRun('base64-run', bytes, chunk, at, length);
    expect(unpackLeads(marking.leads)).toEqual([
      { kind: 'base64url-value', encoding: 'bytes', start: 1_000_001, end: 1_000_044 },
    ]);
    expect(marking.held).toEqual([]);
    const holding = new LeadCollector(10, { hold: true });
    holding.onRun('base64-run', bytes, chunk, at, length);
    expect(holding.held[0]?.bytes).toEqual(bytes.slice(1, 44));
    holding.wipe();
    expect(holding.held[0]?.bytes).toEqual(new Uint8Array(43));
  });

  it('takes number runs as they are, and no hex runs', () => {
    const leads = new LeadCollector(10, { hold: false });
    leads.onRun('number-run', make.bytes(100), chunk, 8, 72);
    leads.onRun('hex-run', make.ascii('0'.repeat(43)), chunk, 0, 43);
    expect(unpackLeads(leads.leads)).toEqual([{ kind: 'number', encoding: 'bytes', start: 1_000_008, end: 1_000_080 }]);
  });

  it.each(BOXED_DIGITS.map(({ id }) => id))('takes %s, whose marks are bytes of code', (layout) => {
    for (let i = 0; i < 20; i++) {
      const bytes = writeNumber(layout, make.bytes(32));
      const leads = new LeadCollector(10, { hold: false });
      leads.onRun('number-run', bytes, chunk, 0, bytes.length);
      expect(leads.leads.length).toBeGreaterThan(0);
    }
  });

  it('says when there are more than it may take', () => {
    const { bytes, at, length } = between(32, '\0', '\0');
    const leads = new LeadCollector(1, { hold: false });
    for (let i = 0; i < 2; i++) leads.onRun('base64-run', bytes, chunk, at, length);
    expect(leads.overflowed).toBe(true);
    expect(unpackLeads(leads.leads)).toHaveLength(1);
  });

  it('holds only so many bytes', () => {
    const window = new Uint8Array(40_000);
    const leads = new LeadCollector(1e6, { hold: true });
    const wide = { base: 0, own: { start: 0, end: 40_000 }, data: { start: 0, end: 40_000 } };
    let taken = 0;
    while (!leads.overflowed && taken < 5000) {
      leads.onRun('number-run', window, wide, 16, 32_768);
      taken++;
    }
    expect(leads.overflowed).toBe(true);
    expect(leads.held.length * 32_800).toBeLessThanOrEqual(LEAD_BUDGET.bytes);
  });

  it('leaves out some of what there is very much of, and keeps what is rare', () => {
    const leads = new LeadCollector(1000, { hold: true });
    const bulk = new Uint8Array(4096).fill(8, 0, 1);
    const rare = new Uint8Array(4096).fill(0x31, 0, 1);
    for (let i = 0; i < 5000; i++) leads.onRun('number-run', bulk, { ...chunk, base: i * 4096 }, 8, 32);
    for (let i = 5000; i < 5100; i++) leads.onRun('number-run', rare, { ...chunk, base: i * 4096 }, 8, 32);
    leads.onHarvest('public-key', rare, { ...chunk, base: 6000 * 4096 }, 8, 90);
    const starts = unpackLeads(leads.leads).map(({ start }) => start / 4096);
    expect(leads.overflowed).toBe(true);
    expect(starts.length).toBeLessThanOrEqual(1000);
    expect(starts.filter((start) => start > 5000)).toHaveLength(101);
    // Spread over all of them.
    expect(starts.filter((start) => start < 2500).length).toBeGreaterThan(100);
    expect(leads.held.map(({ lead }) => lead.start / 4096)).toEqual(starts);
  });

  it('takes texts in UTF-16 that look random, and lists of octets', () => {
    const leads = new LeadCollector(100, { hold: false, textKeys: true });
    const take = (dense: 'wide-run' | 'decimal-run', text: Uint8Array, at: number, length: number): void => {
      const window = make.concat(new Uint8Array(8), text, new Uint8Array(8));
      leads.onRun(dense, window, { ...chunk, base: 0, data: { start: 0, end: window.length } }, 8 + at, length);
    };
    take('wide-run', make.utf16le(make.hex(make.bytes(32))), 0, 128);
    take('wide-run', make.utf16be('/usr/share/doc/packages/libraries/of/many/ab'.slice(0, 43)), 0, 86);
    const list = make.ascii(`[ ${Array.from(make.bytes(32)).join(', ')} ]`);
    take('decimal-run', list, 1, list.length - 2);
    expect(unpackLeads(leads.leads)).toEqual([
      { kind: 'text-key', encoding: 'utf-16le', start: 8, end: 136 },
      { kind: 'text-key', encoding: 'bytes', start: 10, end: 8 + list.length - 2 },
    ]);
  });

  it('does not leave out numbers for texts', () => {
    const leads = new LeadCollector(100, { hold: false, textKeys: true });
    const text = make.ascii(`\0\0\0\0\0\0\0\0${make.base64(make.bytes(32))}\0\0\0\0`);
    const number = new Uint8Array(4096).fill(0x31, 0, 1);
    for (let i = 0; i < 99; i++) {
      leads.onRun('base64-run', text, { ...chunk, base: i * 4096 }, 8, 44);
      leads.onRun('number-run', number, { ...chunk, base: i * 4096 + 100 }, 8, 32);
    }
    expect(leads.overflowed).toBe(false);
    const kinds = unpackLeads(leads.leads).map(({ kind }) => kind);
    expect([kinds.filter((kind) => kind === 'text-key').length, kinds.length]).toEqual([99, 198]);
    for (let i = 0; i < 2; i++) leads.onRun('base64-run', text, { ...chunk, base: (100 + i) * 4096 }, 8, 44);
    expect(leads.overflowed).toBe(true);
  });
});
