/**
 * Apport reports again: a `Key: base64` value is encoded anew, in lines of their own base64 (problem_report.py), all other
 * text stays. The trap: Apport looks for the whole gzip header in the first line.
 */
import { ForwardReader } from '../bytes/forward-reader.ts';
import { readPieces } from '../bytes/input-reader.ts';
import type { Input } from '../model/input.ts';
import { untilDamage } from './gzip.ts';
import { type EncodeTask, membersOf, rewriteContent } from './rewrite.ts';

/** problem_report.py encodes a megabyte at a time; a multiple of 3 needs no padding. */
const LINE_BYTES = 1_048_575;
const LF = 0x0a;
const BLANK = 0x20;

export async function* encodeApport({
  input,
  own,
  node,
  context,
}: EncodeTask): AsyncGenerator<Uint8Array, void, undefined> {
  let at = 0;
  for await (const { member, child, label } of membersOf(input, node, context)) {
    const { start, end } = await findValue(input, at, label);
    yield* readPieces(own, at, start);
    yield* base64Lines(rewriteContent(untilDamage(member.content()), child, context));
    at = end;
  }
  yield* readPieces(own, at);
}

/** The lines of the value of `key`: they begin with a blank. */
async function findValue(input: Input, from: number, key: string): Promise<{ start: number; end: number }> {
  const wanted = new TextEncoder().encode(`${key}: base64`);
  const reader = new ForwardReader(input, from);
  const nextLine = async (): Promise<void> => {
    for (;;) {
      const bytes = await reader.peekSome(262_144);
      const end = bytes.indexOf(LF);
      await reader.skip(end < 0 ? bytes.length : end + 1);
      if (end >= 0 || bytes.length === 0) return;
    }
  };
  try {
    for (;;) {
      const head = await reader.peek(wanted.length);
      if (head.length === 0) return { start: reader.at, end: reader.at };
      const isFound = head.length === wanted.length && wanted.every((byte, i) => byte === head[i]);
      await nextLine();
      if (!isFound) continue;
      const start = reader.at;
      while ((await reader.peek(1))[0] === BLANK) await nextLine();
      return { start, end: reader.at };
    }
  } finally {
    reader.close();
  }
}

async function* base64Lines(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const line = Buffer.alloc(LINE_BYTES);
  let filled = 0;
  const take = (): Uint8Array => Buffer.from(` ${line.subarray(0, filled).toString('base64')}\n`, 'latin1');
  for await (const piece of content) {
    for (let rest = piece; rest.length > 0; ) {
      const part = rest.subarray(0, LINE_BYTES - filled);
      line.set(part, filled);
      filled += part.length;
      rest = rest.subarray(part.length);
      if (filled < LINE_BYTES) continue;
      yield take();
      filled = 0;
    }
  }
  if (filled > 0) yield take();
}
