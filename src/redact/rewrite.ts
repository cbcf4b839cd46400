/**
 * Gives an artifact anew with its edits made, front to back. What is stored in its container is overwritten in place;
 * what is compressed is decoded, overwritten and encoded again, on the way: plain bytes are only ever in memory.
 */

import { readPieces } from '../bytes/input-reader.ts';
import type { Member } from '../model/container.ts';
import type { Input } from '../model/input.ts';
import { sanitizeLabel } from '../model/label.ts';
import { sliceInput } from '../scan/member-input.ts';
import { memoryInput } from '../scan/memory-input.ts';
import type { Plugins } from '../scan/open.ts';
import { Spool } from '../sources/spool.ts';
import { SpoolArena } from '../sources/spool-arena.ts';
import { readContent } from './content.ts';
import type { EditNode } from './edits.ts';
import { NotRedactable } from './not-redactable.ts';
import { type Overwrite, overlay, overlayInput } from './overlay.ts';

/** Kept in memory of what must be read twice; the rest goes to disk encrypted (sources/spool.ts). */
const SPOOL_BYTES = 64 * 1024 * 1024;
/** One for all: members are many, and nested. */
let arena: SpoolArena | undefined;

export interface RewriteContext {
  readonly plugins: Plugins;
  /** By the container's id. */
  readonly encoders: Readonly<Record<string, Encoder | undefined>>;
}

export interface EncodeTask {
  /** The container as it is. */
  readonly input: Input;
  /** The same with the edits of its own bytes. */
  readonly own: Input;
  readonly node: EditNode;
  readonly context: RewriteContext;
}

/** Gives a container anew, with what changed in it. */
export type Encoder = (task: EncodeTask) => AsyncGenerator<Uint8Array, void, undefined>;

/** Containers whose stored members no checksum covers. */
const PLAIN: ReadonlySet<string> = new Set([
  'tar',
  'ar',
  'iso',
  'cfb',
  'pdb',
  'wasm',
  'pe-resources',
  'pcap',
  'pcapng',
  'sqlite',
]);

/** The bytes of the artifact with all edits of `node`. Throws NotRedactable, SourceError, FormatError. */
export async function* rewrite(
  input: Input,
  node: EditNode,
  context: RewriteContext,
): AsyncGenerator<Uint8Array, void, undefined> {
  const inPlace = await overwritesOf(input, node, context);
  if (inPlace) {
    yield* overlay(readPieces(input), inPlace);
    return;
  }
  const container = node.container!;
  const encode = context.encoders[container];
  if (!encode) throw new NotRedactable(container, [...node.members.keys()][0]!);
  const own = (await ownOverwrites(input, node, context)).slice();
  yield* encode({ input, own: overlayInput(input, own), node, context });
}

async function ownOverwrites(input: Input, { edits }: EditNode, { plugins }: RewriteContext): Promise<Overwrite[]> {
  if (edits.length === 0) return [];
  const content = await readContent(input, plugins);
  return edits.map((edit) => ({ ...edit, content }));
}

/**
 * All edits of the artifact and of the members that are stored in it, in its own offsets; undefined when a member is
 * not stored, or a checksum covers it.
 */
export async function overwritesOf(
  input: Input,
  node: EditNode,
  context: RewriteContext,
): Promise<readonly Overwrite[] | undefined> {
  const own = await ownOverwrites(input, node, context);
  if (node.members.size === 0) return own;
  if (!PLAIN.has(node.container ?? '')) return undefined;
  const all = [...own];
  const left = new Set(node.members.keys());
  for await (const { member, child, label } of membersOf(input, node, context)) {
    if (!member.stored) return undefined;
    const inner = await overwritesOf(sliceInput(input, member.stored), child, context);
    if (!inner) return undefined;
    const { start } = member.stored;
    for (const overwrite of inner) {
      all.push({ ...overwrite, start: overwrite.start + start, end: overwrite.end + start });
    }
    left.delete(label);
  }
  return left.size > 0 ? undefined : all.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** The members of a container that have edits, in its order. */
export async function* membersOf(
  input: Input,
  node: EditNode,
  { plugins }: RewriteContext,
): AsyncGenerator<{ readonly member: Member; readonly child: EditNode; readonly label: string }> {
  const container = plugins.containers.find(({ id }) => id === node.container);
  if (!container) return;
  for await (const item of container.open(input)) {
    if ('code' in item) continue;
    const label = sanitizeLabel(item.name);
    const child = node.members.get(label);
    if (child) yield { member: item, child, label };
  }
}

/** The content of a member with its edits: on the way when it has no members of its own, else by way of a spool. */
export async function* rewriteContent(
  content: AsyncIterable<Uint8Array>,
  child: EditNode,
  context: RewriteContext,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (child.members.size === 0) {
    const { head, all } = await peek(content);
    const overwrites = await ownOverwrites(memoryInput(head), child, context);
    yield* overlay(all, overwrites);
    return;
  }
  const spool = await spoolAll(content);
  try {
    yield* rewrite(spool.openInput(), child, context);
  } finally {
    spool.close();
  }
}

/** Takes all of `pieces`; close it. */
export async function spoolAll(pieces: AsyncIterable<Uint8Array>): Promise<Spool> {
  const spool = new Spool((arena ??= new SpoolArena(SPOOL_BYTES)));
  try {
    for await (const piece of pieces) spool.write(piece);
    return spool;
  } catch (error) {
    spool.close();
    throw error;
  }
}

const HEAD_BYTES = 65_536;

/** The first bytes, and everything. */
async function peek(pieces: AsyncIterable<Uint8Array>): Promise<{ head: Uint8Array; all: AsyncIterable<Uint8Array> }> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const { done, value } = await iterator.next();
    if (done) break;
    first.push(value.slice());
    length += value.length;
  }
  const head = new Uint8Array(length);
  let at = 0;
  for (const piece of first) {
    head.set(piece, at);
    at += piece.length;
    piece.fill(0);
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield head;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { head: head.subarray(0, HEAD_BYTES), all: all() };
}
