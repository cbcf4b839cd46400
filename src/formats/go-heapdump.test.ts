import { describe, expect, it } from 'vitest';
import { writeGoHeapDump } from '../../corpus/formats/go-heapdump.ts';
import { layoutOf } from '../../test/support/read-safely.ts';
import format from './go-heapdump.ts';

const dump = writeGoHeapDump(new Uint8Array(40).fill(0xab));

describe('go-heapdump', () => {
  it('reads records of every kind', async () => {
    const layout = (await layoutOf(format, dump.sample.bytes))!;
    expect(layout.gaps).toEqual([]);
    expect(layout.objects).toBe('go');
    expect(layout.facts).toContainEqual({ name: 'Go version', value: 'go1.26' });
    expect(layout.regions.at(-1)?.end).toBe(dump.sample.bytes.length - 1);
  });

  it('names an object and what refers to it', async () => {
    const layout = await layoutOf(format, dump.sample.bytes);
    expect(await layout?.describe?.(dump.secretAt + 5)).toEqual(dump.names);
    expect(await layout?.describe?.(3)).toEqual([]);
  });

  it('says what is cut off, and what is no record', async () => {
    const { bytes } = dump.sample;
    expect((await layoutOf(format, bytes.subarray(0, 300)))?.gaps).toMatchObject([{ code: 'truncated' }]);
    const odd = new Uint8Array([...bytes.subarray(0, 16), 99, 1, 2, 3]);
    expect((await layoutOf(format, odd))?.gaps).toMatchObject([{ code: 'format-error' }]);
  });
});
