/** Damage to containers, a minute for each; `FUZZ_SECONDS` for longer. */
import { expect, it } from 'vitest';
import type { ContainerSample } from '../corpus/dump-sample.ts';
import containers from '../src/containers/index.ts';
import { openSafely } from './support/open-safely.ts';
import { fuzz, loadSamples, THROUGH_SEVEN_ZIP } from './support/plugin-contract.ts';

const samples = await loadSamples<ContainerSample>('containers');
const timeout = 1000 * (Number(process.env['FUZZ_SECONDS'] ?? 60) + 60);

const written = containers.filter(({ id }) => !THROUGH_SEVEN_ZIP.includes(id));

it.each(written.map((container) => [container.id, container] as const))(
  '%s',
  async (id, container) => {
    const mine = samples.filter((sample) => sample.container === id);
    const rounds = await fuzz(mine, async (_, variant) => {
      await openSafely(container, variant);
      if (container.access === 'sequential') await openSafely(container, variant, { sequential: true });
    });
    expect(rounds).toBeGreaterThan(0);
  },
  timeout,
);
