/** Opens containers in tests as the engine does: each member read to its end before the next, pieces wiped. */
import type { Container, Member, MemberGap } from '../../src/model/container.ts';
import { FormatError, SourceError } from '../../src/model/errors.ts';
import type { Layout } from '../../src/model/format.ts';
import type { Input } from '../../src/model/input.ts';

export function inputOf(bytes: Uint8Array, options: { sequential?: boolean } = {}): Input {
  let position = 0;
  const input = {
    size: options.sequential ? Number.POSITIVE_INFINITY : bytes.length,
    read(into: Uint8Array, at: number): number {
      if (options.sequential) {
        if (at !== position) throw new Error(`a stream read at ${at} instead of ${position}`);
      }
      const part = bytes.subarray(Math.min(at, bytes.length), Math.min(at + into.length, bytes.length));
      into.set(part);
      position = at + part.length;
      return part.length;
    },
    async close() {},
  };
  return options.sequential ? { ...input, sequential: true } : input;
}

export interface OpenedMember {
  readonly name: string;
  readonly content: Uint8Array;
  readonly layout?: Layout;
  /** Of the error that its content ended with. */
  readonly error?: string;
}

export interface Opened {
  readonly members: OpenedMember[];
  readonly gaps: MemberGap[];
  /** What went wrong, in order: gaps and errors as `code: detail`. */
  readonly problems: string[];
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
  const problems: string[] = [];
  let left = options.maxBytes ?? 64 * 1024 * 1024;
  const most = left;
  let error: string | undefined;
  try {
    for await (const item of container.open(input)) {
      if ('code' in item) {
        gaps.push(item);
        problems.push(item.detail ? `${item.code}: ${item.detail}` : item.code);
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
        problems.push(failed);
      }
      const content = new Uint8Array(Buffer.concat(parts));
      members.push({
        name: item.name,
        content,
        ...(item.layout && { layout: item.layout }),
        ...(failed && { error: failed }),
      });
      if (left < 0 || members.length >= (options.maxMembers ?? 100_000)) break;
    }
  } catch (caught) {
    error = describeError(caught);
    problems.push(error);
  }
  return { members, gaps, problems, ...(error && { error }), bytes: most - left };
}

/** `name: content` of each member, for comparing. */
export const summary = (opened: Opened): string[] =>
  opened.members.map(({ name, content, error }) => `${name}: ${content.length}${error ? ` (${error})` : ''}`);

/** Members, and what went wrong. */
export async function openBytes(
  container: Container,
  content: Uint8Array | Input,
): Promise<{ readonly members: Pick<OpenedMember, 'name' | 'content'>[]; readonly gaps: string[] }> {
  const { members, problems } = await openAll(container, content instanceof Uint8Array ? inputOf(content) : content);
  return { members: members.map(({ name, content: bytes }) => ({ name, content: bytes })), gaps: problems };
}
