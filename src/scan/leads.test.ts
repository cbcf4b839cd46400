import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { unpackLeads } from '../model/packed-leads.ts';
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

  it('says when there are more than it may take', () => {
    const { bytes, at, length } = between(32, '\0', '\0');
    const leads = new LeadCollector(1, { hold: false });
    for (let i = 0; i < 2; i++) leads.onRun('base64-run', bytes, chunk, at, length);
    expect(leads.overflowed).toBe(true);
    expect(unpackLeads(leads.leads)).toHaveLength(1);
  });
});
