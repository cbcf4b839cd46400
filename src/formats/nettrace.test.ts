import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/formats/nettrace.ts';
import { layoutOf } from '../../test/support/read-safely.ts';
import { readSample, sampleFiles } from '../../test/support/samples.ts';
import nettrace from './nettrace.ts';

/** The only member of a zip file: its local header is 30 bytes, its name and extra field. */
function onlyMember(zip: Uint8Array): Uint8Array {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.length);
  const from = 30 + view.getUint16(26, true) + view.getUint16(28, true);
  return new Uint8Array(inflateRawSync(zip.subarray(from)));
}

describe('nettrace', () => {
  it.each(samples())('reads $name', async (sample) => {
    expect((await layoutOf(nettrace, sample.bytes))!.gaps).toEqual([]);
  });

  it('says when it is cut off', async () => {
    const [old, blocks] = samples();
    for (const { bytes } of [old!, blocks!]) {
      const layout = await layoutOf(nettrace, bytes.subarray(0, bytes.length - 30));
      expect(layout?.gaps).toMatchObject([{ code: 'truncated' }]);
    }
  });

  const files = sampleFiles(/nettrace\/.*\.zip$/);
  it.runIf(files.length > 0).each(files)('opens %s', async (path) => {
    const bytes = onlyMember(readSample(path));
    expect(nettrace.recognise(bytes.subarray(0, 64))).toBe(true);
    const layout = await layoutOf(nettrace, bytes);
    expect(layout?.gaps).toEqual([]);
    expect(layout?.regions.at(-1)?.end).toBeGreaterThan(bytes.length - 32);
    if (path.endsWith('.nettrace.zip')) expect(layout?.process?.pid).toBeGreaterThan(0);
  });
});
