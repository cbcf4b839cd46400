/** What every container keeps to, on any bytes. */

import { expect } from 'vitest';
import type { Container } from '../../src/model/container.ts';
import { countingInput, gapCodeOf, type Variant } from './plugin-contract.ts';
import { checkRegions } from './read-safely.ts';

/** What the engine's own ceilings cut off, and what a test has time for. */
const MAX_MEMBERS = 20_000;
const MAX_INFLATED = 256 << 20;
const MAX_MS = 20_000;
const MAX_READS = 1_000_000;

export interface Opened {
  readonly members: readonly { readonly name: string; readonly content: Uint8Array }[];
  readonly gaps: readonly string[];
  /** Nothing went wrong, and nothing was left out. */
  readonly isComplete: boolean;
}

/** Opens all members as the engine does, and reads them if it is not to `skip` them. Fails on anything that a container must not do. */
export async function openSafely(
  container: Container,
  { name, bytes }: Variant,
  options: { readonly sequential?: boolean; readonly skip?: boolean } = {},
): Promise<Opened> {
  const input = countingInput(bytes, options);
  const started = performance.now();
  const members: { name: string; content: Uint8Array }[] = [];
  const gaps: string[] = [];
  let inflated = 0;
  /** What is thrown becomes a gap, as in the engine. */
  const guard = (error: unknown): void => {
    const code = gapCodeOf(error);
    if (code === undefined) throw new Error(`${container.id}, ${name}: ${String(error)}`, { cause: error });
    gaps.push(code);
  };
  try {
    container.recognise(bytes.subarray(0, 65_536));
    for await (const item of container.open(input)) {
      if ('code' in item) {
        gaps.push(item.code);
        continue;
      }
      if (item.layout) checkRegions(item.layout, Number.POSITIVE_INFINITY, name);
      if (options.skip) {
        members.push({ name: item.name, content: new Uint8Array(0) });
        if (members.length > MAX_MEMBERS) break;
        continue;
      }
      const pieces: Uint8Array[] = [];
      try {
        for await (const piece of item.content()) {
          inflated += piece.length;
          // A Buffer's own `slice` would share its memory.
          pieces.push(new Uint8Array(piece));
          // The consumer wipes what it has used.
          piece.fill(0xaa);
          if (inflated > MAX_INFLATED) break;
        }
      } catch (error) {
        guard(error);
      }
      const content = new Uint8Array(Buffer.concat(pieces));
      if (item.stored && !options.sequential) {
        const { start, end } = item.stored;
        if (!(start >= 0 && start <= end)) expect.fail(`${name}: ${item.name} is stored at ${start} to ${end}`);
        // Where it leaves the container, the engine does not believe it.
        if (end <= bytes.length)
          expect(Buffer.compare(content, bytes.subarray(start, end)), `${item.name}: stored`).toBe(0);
      }
      members.push({ name: item.name, content });
      if (members.length > MAX_MEMBERS || inflated > MAX_INFLATED) break;
    }
  } catch (error) {
    guard(error);
  }
  expect(performance.now() - started, `${name}: time`).toBeLessThan(MAX_MS);
  expect(input.reads, `${name}: number of reads`).toBeLessThan(MAX_READS);
  return { members, gaps, isComplete: gaps.length === 0 && inflated <= MAX_INFLATED };
}
