/** Damage to dumps, a minute for each format; `FUZZ_SECONDS` for longer. */
import { expect, it } from 'vitest';
import type { DumpSample } from '../corpus/dump-sample.ts';
import formats from '../src/formats/index.ts';
import { fuzz, loadSamples } from './support/plugin-contract.ts';
import { readSafely } from './support/read-safely.ts';

const samples = await loadSamples<DumpSample>('formats');
const timeout = 1000 * (Number(process.env['FUZZ_SECONDS'] ?? 60) + 60);

it.skipIf(formats.length === 0).each(formats.map((format) => [format.id, format] as const))(
  '%s',
  async (id, format) => {
    const mine = samples.filter((sample) => sample.format === id);
    const rounds = await fuzz(mine, async (_, variant) => void (await readSafely(format, variant)));
    expect(rounds).toBeGreaterThan(0);
  },
  timeout,
);
