/** The contract of containers: members come out as they went in, and no damage makes a reader fail or hang. */
import { describe, expect, it } from 'vitest';
import type { ContainerSample } from '../corpus/dump-sample.ts';
import containers from '../src/containers/index.ts';
import { HEAD_BYTES } from '../src/model/format.ts';
import { openSafely } from './support/open-safely.ts';
import { counts, cuts, damages, loadSamples, THROUGH_SEVEN_ZIP } from './support/plugin-contract.ts';

const samples = await loadSamples<ContainerSample>('containers');

it('every container has a sample, and every sample a container', () => {
  const written = [...new Set(samples.map(({ container }) => container)), ...THROUGH_SEVEN_ZIP];
  expect(written.sort()).toEqual(containers.map(({ id }) => id).sort());
});

/**
 * Whole and empty when cut: they begin anywhere in a text, or are cut between two records. Their bytes are searched as
 * they are.
 */
const MAY_BE_EMPTY: readonly string[] = [
  ...['hex-memory', 'apport', 'source-map', 'mime'],
  ...['ar', 'cpio', 'pcap', 'pcapng', 'sqlite', 'tar', 'wasm'],
];

/** Only reading tells where the next one begins, or which pages are used. */
const NEEDS_READING: readonly string[] = ['lzop', 'sqlite'];

describe.each(samples.map((sample) => [`${sample.container}: ${sample.name}`, sample] as const))('%s', (_, sample) => {
  const container = containers.find(({ id }) => id === sample.container)!;
  const isStreamed = container.access === 'sequential';
  const head = sample.bytes.slice(0, HEAD_BYTES);

  it('is recognised, and by nobody before it', () => {
    expect(containers.find(({ recognise }) => recognise(head))?.id).toBe(sample.container);
    expect(container.recognise(new Uint8Array(HEAD_BYTES))).toBe(false);
    expect(container.recognise(new Uint8Array(0))).toBe(false);
  });

  it.each(isStreamed ? [false, true] : [false])('gives its members (from a stream: %s)', async (sequential) => {
    const { members, gaps } = await openSafely(container, { name: sample.name, bytes: sample.bytes }, { sequential });
    expect(members.map(({ name }) => name)).toEqual(sample.members.map(({ name }) => name));
    for (const [i, { name, content }] of sample.members.entries()) {
      expect(members[i]!.content.length, name).toBe(content.length);
      expect(Buffer.compare(members[i]!.content, content), name).toBe(0);
    }
    expect([...gaps].sort()).toEqual(sample.gaps ?? []);
  });

  it('lists its members when nobody reads them', async () => {
    const { members } = await openSafely(container, { name: sample.name, bytes: sample.bytes }, { skip: true });
    if (!NEEDS_READING.includes(container.id)) {
      expect(members.map(({ name }) => name)).toEqual(sample.members.map(({ name }) => name));
    }
    for (const variant of damages(sample)) await openSafely(container, variant, { skip: true });
  });

  it('copes with every cut, and says so', async () => {
    for (const variant of cuts(sample)) {
      const { members, isComplete } = await openSafely(container, variant);
      const isClaimed = container.recognise(variant.bytes.subarray(0, HEAD_BYTES));
      if (
        isClaimed &&
        isComplete &&
        !MAY_BE_EMPTY.includes(container.id) &&
        sample.members.length > 0 &&
        members.length === 0
      ) {
        expect.fail(`${variant.name}: no member and no gap`);
      }
    }
  });

  it('copes with every count at its extremes', async () => {
    for (const variant of counts(sample)) await openSafely(container, variant);
    if (!isStreamed) return;
    for (const variant of counts(sample)) await openSafely(container, variant, { sequential: true });
  });

  it('copes with damage', async () => {
    for (const variant of damages(sample)) await openSafely(container, variant);
    if (!isStreamed) return;
    for (const variant of damages(sample)) await openSafely(container, variant, { sequential: true });
  });
});
