import { describe, expect, it } from 'vitest';
import { writeZip } from '../../corpus/containers/zip.ts';
import { inputOf, openAll, summary } from '../../test/support/containers.ts';
import { readSample, sampleFiles } from '../../test/support/samples.ts';
import { concat, u32le } from '../bytes/reader.ts';
import zip from './zip.ts';

describe('zip', () => {
  const words = Uint8Array.from({ length: 2000 }, (_, i) => (i * i * 7 + i) & 255);
  const file = { name: 'a.txt', content: words, deflate: true };
  const other = { ...file, name: 'b.txt' };
  const details = (gaps: readonly { readonly detail?: string }[]) => gaps.map(({ detail }) => detail);

  it('opens what the directory does not list, and says so', async () => {
    const opened = await openAll(zip, inputOf(writeZip([file, { ...other, isUnlisted: true }, file])));
    expect(summary(opened)).toEqual(['a.txt: 2000', 'b.txt: 2000', 'a.txt: 2000']);
    expect(details(opened.gaps)).toEqual(['zip.unlisted']);
  });

  it('skips padding between entries', async () => {
    const opened = await openAll(zip, inputOf(writeZip([file, { ...other, padding: 5000 }])));
    expect([summary(opened), opened.gaps]).toEqual([['a.txt: 2000', 'b.txt: 2000'], []]);
  });

  it('says when local header and directory differ', async () => {
    const opened = await openAll(zip, inputOf(writeZip([{ ...file, localName: 'z.txt' }])));
    expect(summary(opened)).toEqual(['a.txt: 2000']);
    expect(details(opened.gaps)).toEqual(['zip.local']);
  });

  it('says when there are two end records, or none', async () => {
    const twice = await openAll(zip, inputOf(writeZip([file], { ends: 2 })));
    expect([summary(twice), details(twice.gaps)]).toEqual([['a.txt: 2000'], ['zip.end.duplicate']]);
    const whole = writeZip([file]);
    for (const sequential of [false, true]) {
      const none = await openAll(zip, inputOf(whole.subarray(0, whole.length - 22), { sequential }));
      expect([summary(none), details(none.gaps)]).toEqual([['a.txt: 2000'], ['zip.end']]);
    }
  });

  it('reads bytes that several entries claim once', async () => {
    const bytes = writeZip([file]);
    // The directory lists the one entry a thousand times.
    const start = bytes.findIndex((_, at) => u32le(bytes, at) === 0x02014b50);
    const record = bytes.subarray(start, bytes.length - 22);
    const many = concat(bytes.subarray(0, start), ...new Array<Uint8Array>(1000).fill(record), bytes.subarray(-22));
    const view = new DataView(many.buffer);
    view.setUint16(many.length - 12, 1000, true);
    view.setUint32(many.length - 10, record.length * 1000, true);
    const opened = await openAll(zip, inputOf(many));
    expect(summary(opened)).toEqual(['a.txt: 2000']);
    expect(opened.gaps).toHaveLength(999);
    expect(new Set(details(opened.gaps))).toEqual(new Set(['zip.overlap']));
  });

  it('stops in the middle of a bomb when it is told to', async () => {
    const bomb = writeZip([{ name: 'zeros', content: new Uint8Array(50_000_000), deflate: true, crc: 0 }, file]);
    const opened = await openAll(zip, inputOf(bomb), { maxBytes: 3_000_000 });
    expect(opened.bytes).toBeLessThan(5_000_000);
  });

  it('recognises a program only by an entry in it', () => {
    const program = new Uint8Array(5000);
    program.set([0x4d, 0x5a]);
    program.set([0x50, 0x4b, 3, 4], 3000);
    expect(zip.recognise(program)).toBe(false);
    program.set(writeZip([file]).subarray(0, 40), 3000);
    expect(zip.recognise(program)).toBe(true);
  });

  const names = sampleFiles(/^containers\/[^/]*(\.(zip|zipx|jar)|zip_sfx)$/);
  it.skipIf(names.length === 0)('opens the files of others', async () => {
    expect(names.length).toBeGreaterThan(40);
    for (const name of names) {
      const bytes = readSample(name);
      // Padded in front with what no magic number tells; a bare crash input.
      if (/padded|ppmd8_crash/.test(name)) continue;
      expect(zip.recognise(bytes), name).toBe(true);
      const opened = await openAll(zip, inputOf(bytes));
      const isEmpty = /empty\.zip$|zip_jar\.jar/.test(name);
      expect(opened.members.length + opened.gaps.length > 0, name).toBe(!isEmpty);
      const isEncrypted = /aes|encrypt/.test(name);
      if (isEncrypted)
        expect(
          opened.gaps.some(({ code }) => code === 'encrypted'),
          name,
        ).toBe(true);
      // Each has something wrong on purpose.
      const isOdd = /7075|encryption_header|malformed|exceeds|unsupported|End_of|invalid|too_many|zip64_extended/.test(
        name,
      );
      if (isEncrypted || isOdd) continue;
      expect(opened.gaps, name).toEqual([]);
      expect(
        opened.members.filter(({ error }) => error),
        name,
      ).toEqual([]);
    }
  });
});
