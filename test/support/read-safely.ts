/** What every format keeps to, on any bytes. */
import { expect } from 'vitest';
import type { Format, Layout } from '../../src/model/format.ts';
import { countingInput, gapCodeOf, type Variant } from './plugin-contract.ts';

/** For one layout: a table of 131,070 segments has its label tables besides. */
const MAX_MS = 5000;
const MAX_READS = 300_000;

/**
 * Reads the layout; undefined when the format refuses. Fails on anything that a format must not do. `size` of an input may
 * not be known: `Infinity`.
 */
export async function readSafely(
  format: Format,
  { name, bytes }: Variant,
  options: { readonly size?: number } = {},
): Promise<Layout | undefined> {
  const input = { ...countingInput(bytes), ...options };
  const started = performance.now();
  let layout: Layout | undefined;
  try {
    format.recognise(bytes.subarray(0, 65_536));
    layout = await format.readLayout(input);
    await layout.describe?.(Math.floor(bytes.length / 2));
  } catch (error) {
    if (gapCodeOf(error) === undefined) throw new Error(`${format.id}, ${name}: ${String(error)}`, { cause: error });
  }
  expect(performance.now() - started, `${name}: time`).toBeLessThan(MAX_MS);
  expect(input.reads, `${name}: number of reads`).toBeLessThan(MAX_READS);
  expect(input.bytes, `${name}: bytes read`).toBeLessThan(64 * bytes.length + (64 << 20));
  if (layout) checkRegions(layout, input.size, name);
  return layout;
}

/** The same of bytes that are not one of a sample's variants. */
export const layoutOf = (format: Format, bytes: Uint8Array): Promise<Layout | undefined> =>
  readSafely(format, { name: `${bytes.length} bytes`, bytes });

/** In order, apart, and within `size` bytes. */
export function checkRegions({ regions }: Layout, size: number, name: string): void {
  let end = 0;
  for (const region of regions) {
    const isSane =
      Number.isSafeInteger(region.start) && region.start >= end && region.start < region.end && region.end <= size;
    if (!isSane) expect.fail(`${name}: region ${region.start} to ${region.end} after ${end}, of ${size} bytes`);
    end = region.end;
  }
}
