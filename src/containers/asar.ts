/**
 * asar (github.com/electron/asar, README "Format"): a Chromium pickle with a JSON index, then the files. Offsets are
 * decimal texts, from the end of the index; files that are marked unpacked lie elsewhere.
 */
import { ForwardReader, MAX_PEEK_BYTES } from '../bytes/forward-reader.ts';
import { u32le } from '../bytes/reader.ts';
import { defineContainer, type Member, type MemberGap } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';

const HEAD_BYTES = 16;
/** Entries of one index. */
const MAX_ENTRIES = 1_000_000;

interface Entry {
  readonly name: string;
  readonly offset: number;
  readonly bytes: number;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Files of the index by offset. Names may be any, `__proto__` as well: nothing is looked up by them. */
function listFiles(index: unknown): { entries: Entry[]; gaps: MemberGap[] } {
  const entries: Entry[] = [];
  const gaps: MemberGap[] = [];
  const pending: { path: string; node: unknown }[] = [{ path: '', node: index }];
  for (let count = 0; pending.length > 0; count++) {
    if (count > MAX_ENTRIES) {
      gaps.push({ code: 'too-large', detail: 'asar.files' });
      break;
    }
    const { path, node } = pending.pop()!;
    if (!isObject(node)) continue;
    if (isObject(node['files'])) {
      for (const [name, child] of Object.entries(node['files'])) {
        pending.push({ path: path ? `${path}/${name}` : name, node: child });
      }
      continue;
    }
    const { size, offset } = node;
    if (node['unpacked'] === true || 'link' in node || size === 0) continue;
    const start = typeof offset === 'string' && /^[0-9]{1,16}$/.test(offset) ? Number(offset) : undefined;
    if (start === undefined || typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
      if (path) gaps.push({ code: 'format-error', name: path, detail: 'asar.offset' });
    } else entries.push({ name: path, offset: start, bytes: size });
  }
  return { entries: entries.sort((a, b) => a.offset - b.offset), gaps };
}

async function* open(input: Input): AsyncGenerator<Member | MemberGap> {
  const reader = new ForwardReader(input);
  try {
    const head = await reader.peek(HEAD_BYTES);
    const indexBytes = u32le(head, 12);
    const pickleBytes = u32le(head, 4);
    if (indexBytes === undefined || pickleBytes === undefined) throw new SourceError('truncated', 'asar.header');
    if (indexBytes + HEAD_BYTES > MAX_PEEK_BYTES) throw new SourceError('too-large', 'asar.header');
    const base = 8 + pickleBytes;
    const all = await reader.peek(HEAD_BYTES + indexBytes);
    if (all.length < HEAD_BYTES + indexBytes) throw new SourceError('truncated', 'asar.header');
    let index: unknown;
    try {
      index = JSON.parse(new TextDecoder().decode(all.subarray(HEAD_BYTES)));
    } catch {
      throw new FormatError('asar.header');
    }
    const { entries, gaps } = listFiles(index);
    yield* gaps.slice(0, 1000);
    await reader.skip(base);
    for (const { name, offset, bytes } of entries) {
      const span = { start: base + offset, end: base + offset + bytes };
      if (span.start < reader.at) {
        yield { code: 'format-error', name, span, detail: 'asar.overlap' };
        continue;
      }
      await reader.skip(span.start - reader.at);
      yield { name, size: bytes, stored: span, content: () => reader.content(bytes, 'asar.size') };
      await reader.skip(span.end - reader.at);
    }
  } finally {
    reader.close();
  }
}

export default defineContainer({
  id: 'asar',
  title: 'asar (Electron)',
  doc: `The files of an Electron application's archive. Unpacked files lie beside the archive, links have no content. Files that lie
over each other are gaps. Source: github.com/electron/asar.`,
  access: 'sequential',
  recognise: (head) => u32le(head, 0) === 4 && u32le(head, 8)! + 4 === u32le(head, 4) && head[16] === 0x7b,
  open,
});
