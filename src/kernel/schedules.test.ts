import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defineDetector } from '../model/detector.ts';
import { layOutSchedule, type ScheduleLayout } from '../proof/aes.ts';
import { createKernel } from './create.ts';
import type { Kernel } from './kernel.ts';
import { createPlan } from './plan.ts';
import { createRandom } from './train/sample.ts';

const PAGE = 4096;
const PLAN = createPlan([
  defineDetector({
    id: 'test-schedules',
    title: '',
    doc: '',
    severity: 'info',
    anchors: [{ dense: 'aes-schedule' }],
    reach: { before: 0, after: 64 },
    parse: () => undefined,
    verify: () => [],
    examples: () => ({ hits: [], misses: [] }),
  }),
]);
const KERNELS = (['relaxed', 'plain', 'off'] as const).map((simd) =>
  createKernel(PLAN, { chunkBytes: 4 * PAGE, marginBytes: PAGE, simd }),
);
const random = createRandom(31);
const bytes = (length: number) => Uint8Array.from({ length }, () => random(256));

function search(kernel: Kernel, data: Uint8Array, start: number, end: number): number[] {
  kernel.window.fill(0xa5);
  kernel.window.set(data);
  const found: number[] = [];
  kernel.search(start, end, data.length, (_, at) => found.push(at));
  return found;
}

/** The rules of schedules.ts, probe by probe; shares nothing with the kernels. */
function bruteForce(data: Uint8Array, start: number, end: number): number[] {
  const padded = Buffer.alloc(data.length + 256);
  padded.set(data, 128);
  const row = (at: number) => [...padded.subarray(at + 128, at + 144)];
  const zeros = (values: readonly number[]) => values.filter((value) => value === 0).length;
  const holds = (at: number, a: number, b: number) =>
    zeros(row(at).map((value, i) => value ^ row(at + a)[i]! ^ row(at + b)[i]!)) >= 12;
  const relations = [16, 24, 32].flatMap((a) => [[a, a - 4], ...(a === 24 ? [] : [[a, -4]])]) as [number, number][];
  const looksRandom = (at: number) => zeros(row(at)) <= 4 && row(at).filter((value) => value > 127).length > 1;
  const isSparse = (...rows: readonly number[]) => {
    const counts = rows.map((at) => zeros(row(at).map((value, i) => value ^ row(at + 8)[i]! ^ row(at - 4)[i]!)));
    return Math.min(...counts) >= 4 && counts.reduce((a, b) => a + b) >= 20 && rows.every(looksRandom);
  };
  const found: number[] = [];
  for (let page = start; page < end; page += PAGE) {
    if (zeros([...data.subarray(page, page + PAGE)]) === Math.min(PAGE, data.length - page)) continue;
    for (let i = 0; i < 40; i++) {
      const at = page + 104 * i;
      const isRelated =
        relations.some(([a, b]) => holds(at, a, b) && (holds(at + 16, a, b) || holds(at - 16, a, b))) ||
        isSparse(at, at + 16, at + 32) ||
        isSparse(at, at - 16, at - 32);
      if (at < end && isRelated && looksRandom(at + 16)) found.push(at);
    }
  }
  return found;
}

function agree(data: Uint8Array, start: number, end: number): number[] {
  const expected = bruteForce(data, start, end);
  for (const kernel of KERNELS) expect(search(kernel, data, start, end), kernel.kind).toEqual(expected);
  return expected;
}

const LAYOUTS: readonly ScheduleLayout[] = ([128, 192, 256] as const).flatMap((bits) =>
  (['encryption', 'decryption', 'decryption-rotated'] as const).flatMap((order) =>
    [false, true].map((isSwapped) => ({ bits, order, isSwapped })),
  ),
);

describe('schedule probes', () => {
  it.each(LAYOUTS.map((layout) => [`${layout.bits} ${layout.order} ${layout.isSwapped}`, layout] as const))(
    'lie in each schedule, wherever it is: %s',
    (_, layout) => {
      for (let at = 3 * PAGE - 260; at < 3 * PAGE + 110; at++) {
        const data = new Uint8Array(5 * PAGE);
        const schedule = layOutSchedule(bytes(layout.bits / 8), layout);
        data.set(bytes(600), at - 200);
        data.set(schedule, at);
        const probes = [
          ...search(KERNELS[0]!, data, 2 * PAGE, 3 * PAGE),
          ...search(KERNELS[0]!, data, 3 * PAGE, 4 * PAGE),
        ];
        expect(probes.length, `at ${at}`).toBeGreaterThan(0);
        for (const probe of probes) {
          expect(probe).toBeGreaterThanOrEqual(at - 4);
          expect(probe).toBeLessThanOrEqual(at + 224);
        }
      }
    },
  );

  it('agree with the brute force on schedules, damaged ones, and other data', () => {
    for (let round = 0; round < 8; round++) {
      const data = new Uint8Array(6 * PAGE - random(2) * random(900));
      for (let at = 0; at + 300 < data.length; at += 200 + random(400)) {
        const layout = LAYOUTS[random(LAYOUTS.length)]!;
        const schedule = layOutSchedule(bytes(layout.bits / 8), layout);
        for (let i = random(40); i > 0; i--) schedule[random(schedule.length)] = random(256);
        data.set(random(3) === 0 ? bytes(240) : schedule, at);
      }
      data.fill(round, PAGE * 3, PAGE * 3 + 2000);
      expect(agree(data, PAGE, 5 * PAGE).length).toBeGreaterThan(0);
      agree(data, 0, 2 * PAGE);
      agree(data, 4 * PAGE, data.length);
    }
  });

  it('agree with the brute force on machine code', () => {
    const binary = readFileSync(process.execPath);
    for (const at of [0.2, 0.4, 0.6, 0.8]) {
      const offset = Math.floor((binary.length * at) / PAGE) * PAGE;
      agree(Uint8Array.from(binary.subarray(offset, offset + 6 * PAGE)), PAGE, 5 * PAGE);
    }
  });

  it.each([0x00, 0x55, 0x80, 0xff])('are not in a window full of byte %i', (byte) => {
    expect(agree(new Uint8Array(6 * PAGE).fill(byte), PAGE, 5 * PAGE)).toEqual(byte < 0x80 ? [] : expect.any(Array));
  });
});
