/** Archives made to exhaust whoever opens them: bounded time and memory, and a gap. */
import { createGzip, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import gzip from '../src/containers/gzip.ts';
import { type Container, defineContainer } from '../src/model/container.ts';
import { createScanner } from './support/scan-bytes.ts';

const MIB = 1024 * 1024;

/** Gives `count` members for one byte each, all of them the same megabyte of the container. */
const overlapping = (count: number): Container =>
  defineContainer({
    id: 'overlap',
    title: '',
    doc: '',
    access: 'random',
    recognise: (head) => head[0] === 0x4f,
    async *open(input) {
      for (let i = 0; i < count; i++) {
        yield {
          name: '',
          stored: { start: 0, end: input.size },
          async *content() {
            // Read where it lies.
          },
        };
      }
    },
  });

/** Gives members that lie about everything, and never ends by itself. */
const endless = defineContainer({
  id: 'endless',
  title: '',
  doc: '',
  access: 'sequential',
  recognise: (head) => head[0] === 0x45,
  async *open() {
    for (;;) {
      yield {
        name: 'x'.repeat(100_000),
        size: 2 ** 52,
        stored: { start: -1, end: 2 ** 52 },
        async *content() {
          yield new Uint8Array(0);
        },
      };
    }
  },
});

async function scan(bytes: Uint8Array, containers: readonly Container[], limits = {}) {
  const scanner = await createScanner([], { plugins: { containers }, limits, chunkBytes: MIB });
  const started = performance.now();
  const result = await scanner.scan(bytes);
  return { ...result, codes: result.gaps.map(({ code }) => code), ms: performance.now() - started };
}

describe('bombs', () => {
  it('2 GB of zeros in 2 MB of gzip: searched through, in bounded memory', async () => {
    const packer = createGzip({ level: 1 });
    const pieces: Uint8Array[] = [];
    packer.on('data', (piece: Uint8Array) => pieces.push(piece));
    const zeros = new Uint8Array(16 * MIB);
    for (let i = 0; i < 128; i++)
      if (!packer.write(zeros)) await new Promise((resolve) => packer.once('drain', resolve));
    await new Promise<void>((resolve) => {
      packer.once('end', resolve);
      packer.end();
    });
    const bomb = new Uint8Array(Buffer.concat(pieces));
    const before = process.memoryUsage.rss();
    const { codes, stats, leads } = await scan(bomb, [gzip]);
    expect(codes).toEqual([]);
    expect(leads).toEqual([]);
    expect(stats.zeroBytes).toBe(2 ** 31);
    expect(process.memoryUsage.rss() - before).toBeLessThan(400 * MIB);
    const limited = await scan(bomb, [gzip], { maxInflatedBytes: 100 * MIB });
    expect(limited.codes).toEqual(['too-large']);
    expect(limited.stats.bytes).toBeLessThan(110 * MIB);
  }, 120_000);

  it('gzip in gzip in gzip, deeper than anyone needs', async () => {
    let bytes: Uint8Array = new Uint8Array(1000).fill(7);
    for (let i = 0; i < 40; i++) bytes = new Uint8Array(gzipSync(bytes));
    const { gaps, ms } = await scan(bytes, [gzip]);
    expect(gaps).toMatchObject([{ code: 'too-deep', detail: 'gzip' }]);
    expect(gaps[0]!.trail).toHaveLength(8);
    expect(ms).toBeLessThan(10_000);
  });

  it('a million members that all lie on the same bytes', async () => {
    const { codes, stats } = await scan(new Uint8Array(MIB).fill(0x4f), [overlapping(1_000_000)], {
      maxInflatedBytes: 200 * MIB,
    });
    // Each of them is a container of the same kind again.
    expect(new Set(codes)).toEqual(new Set(['too-deep', 'too-large']));
    expect(stats.bytes).toBeLessThan(2000 * MIB);
  }, 60_000);

  it('members without end, with names and sizes that lie', async () => {
    const { codes, gaps, ms } = await scan(Uint8Array.of(0x45), [endless], { maxMembers: 1000 });
    expect(codes).toEqual(['over-budget']);
    expect(JSON.stringify(gaps).length).toBeLessThan(1000);
    expect(ms).toBeLessThan(20_000);
  }, 60_000);

  it('time is a ceiling, too', async () => {
    const { codes, ms } = await scan(Uint8Array.of(0x45), [endless], { maxContainerMs: 300 });
    expect(new Set(codes)).toEqual(new Set(['timeout']));
    expect(ms).toBeLessThan(5000);
  });
});
