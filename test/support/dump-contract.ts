/** What each format and container must do with what its writer in corpus/ makes, and with damaged copies of it. */
import { expect } from 'vitest';
import type { DumpSample } from '../../corpus/dump-sample.ts';
import { FormatError } from '../../src/model/errors.ts';
import type { Format, Layout } from '../../src/model/format.ts';
import { HEAD_BYTES } from '../../src/model/format.ts';
import type { Input } from '../../src/model/input.ts';

/** More reads than this from bytes that fit in memory is a loop that a count from the input drives. */
const MAX_READS = 20_000;
const MAX_BYTES_READ = 2 ** 30;

/** An input in memory that refuses reads out of its bounds, and too many of them. */
export function memoryInput(bytes: Uint8Array, sequential = false): Input {
  let reads = 0;
  let total = 0;
  let next = 0;
  return {
    size: sequential ? Number.POSITIVE_INFINITY : bytes.length,
    sequential,
    read(into, at) {
      if (!Number.isSafeInteger(at) || at < 0) throw new RangeError(`read at ${at}`);
      if (sequential && at !== next) throw new RangeError(`read at ${at}, not ${next}`);
      total += into.length;
      if (++reads > MAX_READS || total > MAX_BYTES_READ) throw new RangeError(`${reads} reads of ${total} bytes`);
      const part = bytes.subarray(at, at + into.length);
      into.set(part);
      next = at + part.length;
      return part.length;
    },
    async close() {},
  };
}

/** The layout, or undefined when the reader said FormatError; anything else that it throws fails the test. */
export async function layoutOf(format: Format, bytes: Uint8Array): Promise<Layout | undefined> {
  const input = memoryInput(bytes);
  try {
    const layout = await format.readLayout(input);
    checkLayout(layout);
    return layout;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** What holds for every layout. */
export function checkLayout(layout: Layout): void {
  let end = 0;
  for (const region of layout.regions) {
    if (!(region.start >= end && region.end > region.start)) expect.fail(`regions out of order at ${region.start}`);
    end = region.end;
  }
}

export async function expectLayout(format: Format, sample: DumpSample): Promise<Layout> {
  expect(format.recognise(sample.bytes.subarray(0, HEAD_BYTES)), 'recognise').toBe(true);
  const layout = await format.readLayout(memoryInput(sample.bytes));
  checkLayout(layout);
  for (const expected of sample.expected) {
    const region = layout.regions.find(({ start, end }) => start <= expected.start && expected.end <= end);
    const context = JSON.stringify({ expected, region }, (_, v) => (typeof v === 'bigint' ? `0x${v.toString(16)}` : v));
    expect(region?.kind, context).toBe(expected.kind);
    if (expected.label !== undefined) expect(region?.label, context).toContain(expected.label);
    if (expected.thread !== undefined) expect(region?.thread, context).toBe(expected.thread);
    if (expected.address !== undefined) {
      expect((region?.address ?? 0n) + BigInt(expected.start - (region?.start ?? 0)), context).toBe(expected.address);
    }
  }
  if (sample.process) expect(layout.process).toEqual(sample.process);
  if (sample.threads) expect(layout.threads?.map(({ id }) => id)).toEqual(sample.threads);
  return layout;
}

/** Copies of a sample: cut in the header and elsewhere, counts at their extremes, bits flipped. */
function* damaged(sample: Pick<DumpSample, 'bytes' | 'counts' | 'headerBytes'>): Generator<Uint8Array> {
  const { bytes } = sample;
  for (let end = 0; end < Math.min(sample.headerBytes, bytes.length); end += 7) yield bytes.subarray(0, end);
  for (let i = 1; i < 64; i++) yield bytes.subarray(0, Math.floor((bytes.length * i) / 64));
  for (const { at, bytes: width } of sample.counts) {
    for (const value of [0xff, 0x7f, 1, 0]) {
      for (const from of [at, at + width - 1]) {
        const copy = bytes.slice();
        if (value === 0xff || value === 0) copy.fill(value, at, at + width);
        else copy[from] = value;
        yield copy;
      }
    }
  }
  // A linear congruential generator: the same damage in every run.
  let state = 12_345;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let i = 0; i < 120; i++) {
    const copy = bytes.slice();
    const where = i % 2 === 0 ? Math.min(sample.headerBytes * 2, bytes.length) : bytes.length;
    for (let flips = 0; flips <= i % 5; flips++) copy[next(where)] = next(256);
    yield copy;
  }
}

export async function expectSurvivesDamage(format: Format, sample: DumpSample): Promise<void> {
  for (const bytes of damaged(sample)) {
    const begun = performance.now();
    format.recognise(bytes.subarray(0, HEAD_BYTES));
    const layout = await layoutOf(format, bytes);
    await layout?.describe?.(Math.floor(bytes.length / 2));
    expect(performance.now() - begun).toBeLessThan(5000);
  }
}
