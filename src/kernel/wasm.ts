/**
 * Drives the WASM kernel: lays out its memory, fills the tables, and turns its hit ring into calls of `onHit`.
 *
 * Memory: fixed tables | entries, patterns | hit ring | 4 KiB of zeros | window | 4 KiB of zeros. Allocated once per kernel.
 */
import type { DenseTest } from '../model/detector.ts';
import type { Kernel, KernelOptions } from './kernel.ts';
import { alignmentsOf } from './numbers.ts';
import type { Plan } from './plan.ts';
import { isBase64Character } from './runs.ts';
import { hashTable, placeAnchors, teddyTables } from './tables.ts';

const PAGE = 4096;
const WASM_PAGE = 65_536;
/** Bytes of a hit: u32 anchor, u32 address, u32 length. */
const HIT_BYTES = 12;
/** Hits between two calls; beyond it the kernel's reserve. Small enough to stay in the cache. */
const RING_HITS = 2048;

interface Exports {
  readonly TEDDY: WebAssembly.Global;
  readonly BASE64_CLASS: WebAssembly.Global;
  readonly HEADS: WebAssembly.Global;
  readonly HEADS_BITS: WebAssembly.Global;
  readonly DYNAMIC: WebAssembly.Global;
  readonly TEST_ANCHORS: WebAssembly.Global;
  readonly TEST_BASE64_RUNS: WebAssembly.Global;
  readonly TEST_HEX_RUNS: WebAssembly.Global;
  readonly TEST_DECIMAL_RUNS: WebAssembly.Global;
  readonly TEST_WIDE_RUNS: WebAssembly.Global;
  readonly TEST_NUMBER_RUNS: WebAssembly.Global;
  readonly TEST_SCHEDULES: WebAssembly.Global;
  readonly PAGE_HITS: WebAssembly.Global;
  configure(
    tests: number,
    ringStart: number,
    ringLimit: number,
    entries: number,
    base64Anchor: number,
    hexAnchor: number,
    decimalAnchor: number,
    wideAnchor: number,
    numberAnchor: number,
    scheduleAnchor: number,
    longestRun: number,
  ): void;
  begin(start: number, stop: number, limit: number, phases: number, isHprof: number): void;
  proceed(): number;
  ringEnd(): number;
  zeroBytes(): number;
}

export function createWasmKernel(
  plan: Plan,
  { chunkBytes, marginBytes }: Pick<KernelOptions, 'chunkBytes' | 'marginBytes'>,
  module: WebAssembly.Module,
  kind: 'simd' | 'relaxed-simd',
): Kernel {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const kernel = new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as Exports;

  const placements = placeAnchors(plan.anchors);
  const tablesAt = kernel.DYNAMIC.value;
  const table = hashTable(plan, placements, { headsBits: kernel.HEADS_BITS.value, base: tablesAt });
  const ringAt = roundUp(tablesAt + table.bytes.length, 16);
  const ringLimit = ringAt + (RING_HITS + kernel.PAGE_HITS.value + table.entries) * HIT_BYTES;
  const windowAt = roundUp(ringLimit, PAGE) + PAGE;
  const windowBytes = marginBytes + chunkBytes + marginBytes;
  memory.grow(Math.ceil((windowAt + windowBytes + PAGE) / WASM_PAGE) - 1);

  const bytes = new Uint8Array(memory.buffer);
  bytes.set(teddyTables(placements), kernel.TEDDY.value);
  bytes.set(base64ClassTables(), kernel.BASE64_CLASS.value);
  new Uint16Array(memory.buffer, kernel.HEADS.value, table.heads.length).set(table.heads);
  bytes.set(table.bytes, tablesAt);

  const dense = (test: DenseTest): number => plan.anchors.findIndex((anchor) => anchor.dense === test);
  const base64 = dense('base64-run');
  const hex = dense('hex-run');
  const decimal = dense('decimal-run');
  const wide = dense('wide-run');
  const number = dense('number-run');
  const schedule = dense('aes-schedule');
  const tests =
    (table.entries > 0 ? kernel.TEST_ANCHORS.value : 0) |
    (base64 >= 0 ? kernel.TEST_BASE64_RUNS.value : 0) |
    (hex >= 0 ? kernel.TEST_HEX_RUNS.value : 0) |
    (decimal >= 0 ? kernel.TEST_DECIMAL_RUNS.value : 0) |
    (wide >= 0 ? kernel.TEST_WIDE_RUNS.value : 0) |
    (number >= 0 ? kernel.TEST_NUMBER_RUNS.value : 0) |
    (schedule >= 0 ? kernel.TEST_SCHEDULES.value : 0);
  kernel.configure(tests, ringAt, ringLimit, table.entries, base64, hex, decimal, wide, number, schedule, marginBytes);

  const window = bytes.subarray(windowAt, windowAt + windowBytes);
  const ring = new Uint32Array(memory.buffer, ringAt, (ringLimit - ringAt) / 4);
  return {
    kind,
    plan,
    window,
    marginBytes,
    chunkBytes,
    search(start, end, limit, onHit, numberPhases = 1, restarts = []) {
      if (limit < windowBytes) window.fill(0, limit);
      let zeroBytes = 0;
      const starts = [start, ...restarts];
      const alignments = alignmentsOf(numberPhases);
      for (const [i, from] of starts.entries()) {
        const stop = starts[i + 1] ?? end;
        kernel.begin(windowAt + from, windowAt + stop, windowAt + limit, alignments, Number(numberPhases === 'hprof'));
        for (let done = 0; done === 0; ) {
          done = kernel.proceed();
          const words = (kernel.ringEnd() - ringAt) / 4;
          for (let hit = 0; hit < words; hit += 3) onHit(ring[hit]!, ring[hit + 1]! - windowAt, ring[hit + 2]!);
        }
        zeroBytes += kernel.zeroBytes();
      }
      return { zeroBytes };
    },
    wipe: () => void window.fill(0),
  };
}

/** AssemblyScript imports it even where nothing can fail. */
function abort(): never {
  throw new Error('kernel aborted');
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

/**
 * Two tables whose intersection, looked up by low and high nibble, is not zero for the members of the class. High
 * nibbles that share a bit must have the same low nibbles: 4 (A-O) and 6 (a-o) do.
 */
function base64ClassTables(): Uint8Array {
  const tables = new Uint8Array(32);
  const bits: Readonly<Record<number, number>> = { 2: 1, 3: 2, 4: 4, 6: 4, 5: 8, 7: 16 };
  for (const [high, bit] of Object.entries(bits)) {
    tables[16 + Number(high)] = bit;
    for (let low = 0; low < 16; low++) if (isBase64Character((Number(high) << 4) | low)) tables[low]! |= bit;
  }
  return tables;
}
