/**
 * What every container must keep to, run on the samples of `corpus/containers/`: members and gaps as written; damage
 * ends in FormatError or SourceError, in bounded time and output.
 */
import { describe, expect, it } from 'vitest';
import type { ContainerSample } from '../../corpus/dump-sample.ts';
import { createRng } from '../../corpus/rng.ts';
import type { Container } from '../../src/model/container.ts';
import { FormatError, SourceError } from '../../src/model/errors.ts';
import { HEAD_BYTES } from '../../src/model/format.ts';
import type { Input } from '../../src/model/input.ts';

export interface Opened {
  readonly members: { readonly name: string; readonly content: Uint8Array }[];
  /** Codes, and `detail` behind a colon where there is one. */
  readonly gaps: string[];
}

export function memoryInput(bytes: Uint8Array): Input {
  return {
    size: bytes.length,
    read(into, at) {
      if (!(at >= 0)) throw new RangeError(`read at ${at}`);
      const part = bytes.subarray(at, at + into.length);
      into.set(part);
      return part.length;
    },
    async close() {},
  };
}

/** Opens all members to the end; stops a member at `mostBytes`, the container at `mostMembers`. Anything but our two errors is thrown on. */
export async function openAll(
  container: Container,
  input: Input,
  { mostBytes = 64_000_000, mostMembers = 5000 } = {},
): Promise<Opened> {
  const opened: Opened = { members: [], gaps: [] };
  const note = (error: unknown): void => {
    if (error instanceof FormatError) opened.gaps.push(`format-error: ${error.field}`);
    else if (error instanceof SourceError) opened.gaps.push(`${error.code}: ${error.detail}`);
    else throw error;
  };
  let left = mostBytes;
  try {
    for await (const entry of container.open(input)) {
      if ('code' in entry) {
        opened.gaps.push(entry.detail ? `${entry.code}: ${entry.detail}` : entry.code);
        continue;
      }
      const parts: Uint8Array[] = [];
      try {
        for await (const piece of entry.content()) {
          parts.push(new Uint8Array(piece));
          left -= piece.length;
          piece.fill(0xaa); // a consumer may wipe what it was given
          if (left < 0) break;
        }
      } catch (error) {
        note(error);
      }
      opened.members.push({ name: entry.name, content: new Uint8Array(Buffer.concat(parts)) });
      if (left < 0 || opened.members.length + opened.gaps.length > mostMembers) break;
    }
  } catch (error) {
    note(error);
  }
  return opened;
}

export const openBytes = (container: Container, bytes: Uint8Array): Promise<Opened> =>
  openAll(container, memoryInput(bytes));

export function describeContainer(container: Container, samples: readonly ContainerSample[]): void {
  describe.each(samples.map((sample) => [sample.name, sample] as const))(`${container.id}: %s`, (_, sample) => {
    it('is recognised by its beginning, and zeros are not', () => {
      expect(container.recognise(sample.bytes.subarray(0, HEAD_BYTES))).toBe(true);
      expect(container.recognise(new Uint8Array(HEAD_BYTES))).toBe(false);
      expect(container.recognise(new Uint8Array(0))).toBe(false);
    });

    it('gives its members and gaps', async () => {
      const { members, gaps } = await openBytes(container, sample.bytes);
      expect(members.map(({ name }) => name)).toEqual(sample.members.map(({ name }) => name));
      for (const [i, { content }] of members.entries()) {
        expect(Buffer.from(content).equals(sample.members[i]!.content), `content of ${i}`).toBe(true);
      }
      expect(gaps.map((gap) => gap.split(':')[0]).sort()).toEqual(sample.gaps ?? []);
    });

    it('says truly where a stored member lies', async () => {
      for await (const entry of container.open(memoryInput(sample.bytes))) {
        if ('code' in entry || !entry.stored) continue;
        const parts: Uint8Array[] = [];
        for await (const piece of entry.content()) parts.push(new Uint8Array(piece));
        const { start, end } = entry.stored;
        expect(Buffer.concat(parts).equals(sample.bytes.subarray(start, end))).toBe(true);
      }
    });

    it('survives damage: cut off, counts at their extremes, bytes changed', { timeout: 60_000 }, async () => {
      const most = { mostBytes: 4_000_000, mostMembers: 2000 };
      const opens = async (bytes: Uint8Array): Promise<void> => {
        container.recognise(bytes.subarray(0, HEAD_BYTES));
        const started = performance.now();
        await openAll(container, memoryInput(bytes), most);
        expect(performance.now() - started).toBeLessThan(10_000);
      };
      const step = Math.max(1, Math.floor(sample.headerBytes / 150));
      for (let length = 0; length < sample.headerBytes; length += step) await opens(sample.bytes.slice(0, length));
      for (const { at, bytes } of sample.counts) {
        for (const fill of [0xff, 0x7f, 0]) {
          const damaged = sample.bytes.slice();
          damaged.fill(fill, at, at + bytes);
          await opens(damaged);
          damaged[at] = 1;
          await opens(damaged);
        }
      }
      const rng = createRng(`damage ${container.id} ${sample.name}`);
      for (let round = 0; round < 150; round++) {
        const damaged = sample.bytes.slice();
        // Half of the changes where the headers are.
        const below = round % 2 ? damaged.length : Math.max(1, Math.min(sample.headerBytes, damaged.length));
        for (let i = rng.int(3); i >= 0; i--) damaged[rng.int(below)] = rng.pick([0, 1, 0x7f, 0xff, rng.int(256)]);
        await opens(round % 3 ? damaged : damaged.slice(0, rng.int(damaged.length) + 1));
      }
    });
  });
}
