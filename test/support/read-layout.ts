/** Reads layouts of bytes in memory, and holds a reader to what its samples say and to what no damage may do. */
import { describe, expect, it } from 'vitest';
import type { DumpSample } from '../../corpus/dump-sample.ts';
import { createRng } from '../../corpus/rng.ts';
import { FormatError } from '../../src/model/errors.ts';
import type { Format, Layout, LayoutRegion } from '../../src/model/format.ts';
import type { Input } from '../../src/model/input.ts';

/** No layout of a sample needs more; a hostile header may not either. */
const MAX_READS = 20_000;
const MAX_READ_BYTES = 128 << 20;

/** `size` may say more than there is, as a stream's does. */
export function bytesInput(bytes: Uint8Array, size = bytes.length): Input {
  let reads = 0;
  let sum = 0;
  return {
    size,
    read(into, at) {
      if (!Number.isSafeInteger(at) || at < 0) throw new RangeError(`read at ${at}`);
      const part = bytes.subarray(at, at + into.length);
      reads++;
      sum += into.length;
      if (reads > MAX_READS || sum > MAX_READ_BYTES) throw new RangeError(`${reads} reads, ${sum} bytes`);
      into.set(part);
      return part.length;
    },
    async close() {},
  };
}

/** Throws what is no FormatError; checks what holds for every layout. */
export async function tryLayout(format: Format, bytes: Uint8Array, size?: number): Promise<Layout | undefined> {
  let layout: Layout;
  try {
    layout = await format.readLayout(bytesInput(bytes, size));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
  let end = 0;
  for (const region of layout.regions) {
    if (!(region.start >= end && region.end > region.start && region.end <= (size ?? bytes.length))) {
      throw new RangeError(`region ${region.label} [${region.start}, ${region.end}) after ${end}`);
    }
    end = region.end;
  }
  return layout;
}

/** The region that holds `at`. */
export function regionAt(layout: Layout, at: number): LayoutRegion | undefined {
  return layout.regions.find(({ start, end }) => start <= at && at < end);
}

/** Tests of a format's reader against its writer. */
export function describeFormat(format: Format, samples: readonly DumpSample[]): void {
  describe.each(samples)('$name', (sample) => {
    it('is recognised, and lies where the writer put it', async () => {
      expect(sample.format).toBe(format.id);
      expect(format.recognise(sample.bytes.subarray(0, 65_536))).toBe(true);
      const layout = (await tryLayout(format, sample.bytes))!;
      for (const { start, end, ...expected } of sample.expected) {
        for (const at of [start, Math.floor((start + end) / 2), end - 1]) {
          const region = regionAt(layout, at);
          const address = expected.address === undefined ? undefined : expected.address + BigInt(at - start);
          expect({
            at,
            kind: region?.kind,
            label: region?.label.includes(expected.label ?? '') ? expected.label : region?.label,
            thread: region?.thread,
            address: address === undefined ? undefined : (region?.address ?? 0n) + BigInt(at - (region?.start ?? 0)),
          }).toEqual({ at, kind: expected.kind, label: expected.label, thread: expected.thread, address });
        }
      }
      if (sample.process) expect(layout.process).toMatchObject(sample.process);
      if (sample.threads) expect(layout.threads?.map(({ id }) => id)).toEqual(sample.threads);
    });

    it('gives nothing but a FormatError when it is cut off anywhere', async () => {
      const step = sample.headerBytes > 2048 ? 5 : 1;
      for (let length = 0; length < sample.headerBytes; length += step) {
        await tryLayout(format, sample.bytes.subarray(0, length));
        if (length % 16 === 0) await tryLayout(format, sample.bytes.subarray(0, length), Number.POSITIVE_INFINITY);
      }
    });

    it('bounds its loops and reads whatever a count says', async () => {
      for (const { at, bytes } of sample.counts) {
        for (const fill of [0xff, 0x7f, 0]) {
          const damaged = sample.bytes.slice();
          damaged.fill(fill, at, at + bytes);
          await tryLayout(format, damaged);
        }
        const one = sample.bytes.slice();
        one.fill(0, at, at + bytes);
        one[at] = 1;
        await tryLayout(format, one);
      }
    });

    it('survives random damage', async () => {
      const rng = createRng(`damage ${sample.name}`);
      for (let round = 0; round < 100; round++) {
        const damaged = sample.bytes.slice();
        for (let n = 0; n <= round % 8; n++) {
          const [high = 0, low = 0, value = 0, size = 0] = rng.bytes(4);
          const at = (high * 256 + low) % sample.headerBytes;
          damaged.fill(value, at, at + 1 + (size % 8));
        }
        await tryLayout(format, damaged);
      }
    });
  });
}
