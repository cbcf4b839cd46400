/** Opens containers in tests as the engine does: each member read to its end before the next, pieces wiped. */
import { expect } from 'vitest';
import type { ContainerSample } from '../../corpus/dump-sample.ts';
import type { Container, Member, MemberGap } from '../../src/model/container.ts';
import { FormatError, SourceError } from '../../src/model/errors.ts';
import type { Input } from '../../src/model/input.ts';

/** `reads` of odd sizes, to cross every boundary. */
export function inputOf(bytes: Uint8Array, options: { sequential?: boolean; readBytes?: number } = {}): Input {
  let position = 0;
  const input = {
    size: options.sequential ? Number.POSITIVE_INFINITY : bytes.length,
    read(into: Uint8Array, at: number): number {
      if (options.sequential) {
        if (at !== position) throw new Error(`a stream read at ${at} instead of ${position}`);
      }
      let read = 0;
      const step = options.readBytes ?? into.length;
      while (read < into.length && at + read < bytes.length) {
        const part = bytes.subarray(at + read, Math.min(at + into.length, at + read + step));
        into.set(part, read);
        read += part.length;
      }
      position = at + read;
      return read;
    },
    async close() {},
  };
  return options.sequential ? { ...input, sequential: true } : input;
}

export interface OpenedMember {
  readonly name: string;
  readonly content: Uint8Array;
  readonly stored?: { readonly start: number; readonly end: number };
  /** Of the error that its content ended with. */
  readonly error?: string;
}

export interface Opened {
  readonly members: OpenedMember[];
  readonly gaps: MemberGap[];
  /** Of the error that opening ended with. */
  readonly error?: string;
  /** Bytes that all contents came to, kept or not. */
  readonly bytes: number;
}

const describeError = (error: unknown): string => {
  if (error instanceof FormatError) return `format-error: ${error.field}`;
  if (error instanceof SourceError) return `${error.code}: ${error.detail}`;
  throw error;
};

export interface OpenOptions {
  /** Bytes of all contents, after which reading stops, as the engine's ceiling does. */
  readonly maxBytes?: number;
  readonly maxMembers?: number;
  /** Whether to ask for the content. */
  readonly want?: (member: Member) => boolean;
}

export async function openAll(container: Container, input: Input, options: OpenOptions = {}): Promise<Opened> {
  const members: OpenedMember[] = [];
  const gaps: MemberGap[] = [];
  let left = options.maxBytes ?? 64 * 1024 * 1024;
  const most = left;
  let error: string | undefined;
  try {
    for await (const item of container.open(input)) {
      if ('code' in item) {
        gaps.push(item);
        continue;
      }
      if (options.want && !options.want(item)) continue;
      const parts: Uint8Array[] = [];
      let failed: string | undefined;
      try {
        for await (const piece of item.content()) {
          left -= piece.length;
          if (left < 0) break;
          parts.push(piece.slice());
          piece.fill(0);
        }
      } catch (caught) {
        failed = describeError(caught);
      }
      const content = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of parts) {
        content.set(part, at);
        at += part.length;
      }
      members.push({
        name: item.name,
        content,
        ...(item.stored && { stored: item.stored }),
        ...(failed && { error: failed }),
      });
      if (left < 0 || members.length >= (options.maxMembers ?? 100_000)) break;
    }
  } catch (caught) {
    error = describeError(caught);
  }
  return { members, gaps, ...(error && { error }), bytes: most - left };
}

/** `name: content` of each member, for comparing. */
export const summary = (opened: Opened): string[] =>
  opened.members.map(({ name, content, error }) => `${name}: ${content.length}${error ? ` (${error})` : ''}`);

/** The sample gives its members and gaps, from a file and from a stream, read in small and large steps. */
export async function expectSample(container: Container, sample: ContainerSample): Promise<void> {
  expect(container.recognise(sample.bytes.subarray(0, 65_536)), 'recognised').toBe(true);
  const inputs = [inputOf(sample.bytes), inputOf(sample.bytes, { readBytes: 7 })];
  if (container.access === 'sequential') inputs.push(inputOf(sample.bytes, { sequential: true }));
  for (const input of inputs) {
    const opened = await openAll(container, input);
    expect(opened.error).toBeUndefined();
    expect(opened.members.map(({ name }) => name)).toEqual(sample.members.map(({ name }) => name));
    for (const [i, { name, content, stored }] of opened.members.entries()) {
      const expected = sample.members[i]!.content;
      expect(Buffer.compare(content, expected), `content of ${name}`).toBe(0);
      if (stored) {
        expect(Buffer.compare(sample.bytes.subarray(stored.start, stored.end), expected), `span of ${name}`).toBe(0);
      }
    }
    const errors = opened.members.flatMap(({ error }) => (error ? [error.split(':')[0]!] : []));
    expect([...opened.gaps.map(({ code }) => code), ...errors].sort()).toEqual(sample.gaps ?? []);
  }
}

const MAX_DAMAGED_BYTES = 8 * 1024 * 1024;

/**
 * Cut at every byte of the header and at some of the rest, every count at its extremes, bits flipped everywhere:
 * nothing but the project's errors is thrown (`openAll` throws on others), and it ends.
 */
export async function expectSurvives(container: Container, sample: ContainerSample, flips = 300): Promise<void> {
  const options: OpenOptions = { maxBytes: MAX_DAMAGED_BYTES, maxMembers: 10_000 };
  const survive = async (bytes: Uint8Array): Promise<void> => {
    container.recognise(bytes.subarray(0, 65_536));
    await openAll(container, inputOf(bytes), options);
    if (container.access === 'sequential') await openAll(container, inputOf(bytes, { sequential: true }), options);
    await openAll(container, inputOf(bytes), { ...options, want: () => false });
  };
  const { bytes } = sample;
  for (let end = 0; end < Math.min(sample.headerBytes, bytes.length); end++) await survive(bytes.subarray(0, end));
  for (let i = 0; i < 50; i++) await survive(bytes.subarray(0, Math.floor((bytes.length * i) / 50)));
  for (const { at, bytes: width } of sample.counts) {
    for (const fill of [0xff, 0x7f, 0x00, 0x39]) {
      const damaged = bytes.slice();
      damaged.fill(fill, at, at + width);
      await survive(damaged);
    }
    const one = bytes.slice();
    one.fill(0, at, at + width);
    one[at] = 1;
    await survive(one);
  }
  let state = 12_345;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let i = 0; i < flips; i++) {
    const damaged = bytes.slice();
    for (let count = 1 + random(3); count > 0; count--) damaged[random(bytes.length)] = random(256);
    await survive(damaged);
  }
}
