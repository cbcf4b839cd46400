/** The flattened form of makedumpfile: a header of 4096 bytes, then writes of `{i64 offset, i64 size}` and data, big-endian. */
import { bisect } from '../../bytes/bisect.ts';
import { InputWindow } from '../../bytes/input-window.ts';
import { hasText } from '../../bytes/reader.ts';
import { size64be, u64be } from '../../bytes/uint64.ts';
import type { MemberGap } from '../../model/container.ts';
import { FormatError } from '../../model/errors.ts';
import type { Input } from '../../model/input.ts';

const HEADER_BYTES = 4096;
const END = 0xffff_ffff_ffff_ffffn;
/** A write has some pages; 2^24 of them are a terabyte, and 400 MB of table. */
const MAX_WRITES = 16_777_216;

interface Write {
  /** Where in the file that is meant. */
  readonly offset: number;
  readonly size: number;
  /** Where in the flattened one. */
  readonly at: number;
}

/** The file that the writes make, read in place; `input` itself when it is not flattened. Throws FormatError. */
export async function unflatten(input: Input, gaps: MemberGap[]): Promise<Input> {
  const window = new InputWindow(input, 65_536);
  if (!hasText(await window.read(0, 16), 0, 'makedumpfile\0\0\0\0')) return input;
  const writes = await readWrites(input, gaps);
  if (writes.length === 0) throw new FormatError('kdump.flattened[0]');
  const size = writes.reduce((end, write) => Math.max(end, write.offset + write.size), 0);
  return { size, read: (into, at) => readThrough(input, writes, into, at), close: async () => undefined };
}

/** Sorted by offset, without overlaps: of two writes to the same place the later one counts. */
async function readWrites(input: Input, gaps: MemberGap[]): Promise<readonly Write[]> {
  const writes: Write[] = [];
  const head = new Uint8Array(16);
  let at = HEADER_BYTES;
  for (;;) {
    const length = await input.read(head, at);
    if (length === 16 && u64be(head, 0) === END) break;
    const offset = size64be(head, 0) ?? 0;
    const size = size64be(head, 8) ?? 0;
    const start = at + 16;
    if (length < 16 || offset + size > Number.MAX_SAFE_INTEGER || start + size > input.size) {
      const odd = length === 16 && offset + size > Number.MAX_SAFE_INTEGER;
      gaps.push({
        code: odd ? 'format-error' : 'truncated',
        detail: 'kdump.flattened',
        span: { start: at, end: input.size },
      });
      break;
    }
    if (writes.length === MAX_WRITES) {
      gaps.push({ code: 'over-budget', detail: 'kdump.flattened' });
      break;
    }
    if (size > 0) writes.push({ offset, size, at: start });
    at = start + size;
  }
  const sorted = writes.sort((a, b) => a.offset - b.offset || a.at - b.at);
  const apart: Write[] = [];
  for (const write of sorted) {
    const last = apart.at(-1);
    const over = last ? last.offset + last.size - write.offset : 0;
    if (!last || over <= 0) {
      apart.push(write);
    } else if (write.at > last.at) {
      if (last.offset === write.offset) apart.pop();
      else apart[apart.length - 1] = { ...last, size: write.offset - last.offset };
      apart.push(write);
    } else if (over < write.size) {
      apart.push({ offset: write.offset + over, size: write.size - over, at: write.at + over });
    }
  }
  return apart;
}

/** Fills `into` from `at`; what nothing was written to is zero. */
async function readThrough(input: Input, writes: readonly Write[], into: Uint8Array, at: number): Promise<number> {
  const first = bisect(writes.length, (i) => writes[i]!.offset + writes[i]!.size > at);
  let done = 0;
  for (let i = first; i < writes.length && done < into.length; i++) {
    const write = writes[i]!;
    const hole = Math.min(into.length - done, Math.max(0, write.offset - (at + done)));
    into.fill(0, done, done + hole);
    done += hole;
    const from = at + done - write.offset;
    const length = Math.min(into.length - done, write.size - from);
    if (length <= 0) continue;
    const read = await input.read(into.subarray(done, done + length), write.at + from);
    done += read;
    if (read < length) break;
  }
  return done;
}
