/** The header of a heap snapshot, and where its sections lie. Sections but the last hold numbers only: the next quote begins the next. */

import type { InputWindow } from '../../bytes/input-window.ts';
import { outlineJson } from '../../bytes/json-outline.ts';
import { publicJsonText } from '../../bytes/public-words.ts';
import type { Span } from '../../model/place.ts';

/** The description of fields is 900 bytes; V8 adds some with each version. */
export const HEADER_BYTES = 65_536;

/** V8 writes nine sections. */
const MAX_SECTIONS = 32;
const MAX_NAME_CHARS = 64;
const QUOTE = 0x22;

export interface SnapshotHeader {
  /** After the value of `snapshot`. */
  readonly end: number;
  /** Position of a field in a row of `nodes` (`type`, `name`, `id`, `edge_count`) and of `edges` (`type`, `name_or_index`, `to_node`). */
  readonly nodeFields: readonly string[];
  readonly edgeFields: readonly string[];
  readonly nodeTypes: readonly string[];
  readonly edgeTypes: readonly string[];
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/** Undefined when the bytes are not the beginning of a snapshot. */
export function readHeader(bytes: Uint8Array): SnapshotHeader | undefined {
  const { members } = outlineJson(bytes, 0, 5);
  const snapshot = members.find(({ path }) => path === 'snapshot');
  const words = (path: string): string[] =>
    members
      .filter((member) => member.path.startsWith(`${path}.`) && /^\d+$/.test(member.path.slice(path.length + 1)))
      .map(({ start, end }) => String.fromCharCode(...bytes.subarray(start + 1, Math.min(end - 1, start + 64))));
  const count = (path: string): string | undefined =>
    publicJsonText(
      bytes,
      members.find((member) => member.path === path),
    );
  const nodeFields = words('snapshot.meta.node_fields');
  if (!snapshot || snapshot.end >= bytes.length || !nodeFields.includes('name')) return undefined;
  return {
    end: snapshot.end,
    nodeFields,
    edgeFields: words('snapshot.meta.edge_fields'),
    nodeTypes: words('snapshot.meta.node_types.0'),
    edgeTypes: words('snapshot.meta.edge_types.0'),
    facts: ['node', 'edge'].map((name) => ({ name: `${name}s`, value: count(`snapshot.${name}_count`) ?? '?' })),
  };
}

export interface Section extends Span {
  readonly name: string;
}

/**
 * Sections in file order, from key to key, so that they cover the rest of the file. `complete` when the strings were
 * found and end as they should.
 */
export async function readSections(
  window: InputWindow,
  from: number,
): Promise<{ readonly sections: readonly Section[]; readonly end: number; readonly complete: boolean }> {
  const sections: Section[] = [];
  let at = from;
  let open: { name: string; start: number } | undefined;
  for (let n = 0; n < MAX_SECTIONS; n++) {
    const key = await findQuote(window, at);
    if (key < 0) break;
    const bytes = await window.read(key, MAX_NAME_CHARS + 3);
    const length = bytes.indexOf(QUOTE, 1);
    if (length < 0) break;
    const name = String.fromCharCode(...bytes.subarray(1, length));
    if (open) sections.push({ ...open, end: key });
    open = /^\w+$/.test(name) ? { name, start: key } : undefined;
    if (!open) return { sections, end: key, complete: false };
    at = key + length + 1;
    if (name === 'strings') {
      const end = Number.isFinite(window.end) ? window.end : Number.MAX_SAFE_INTEGER;
      sections.push({ ...open, end });
      const last = Number.isFinite(window.end) ? (await window.read(Math.max(0, end - 16), 16)).slice() : undefined;
      return { sections, end, complete: last === undefined || closes(last) };
    }
  }
  const end = Number.isFinite(window.end) ? window.end : at;
  if (open && end > open.start) sections.push({ ...open, end });
  return { sections, end, complete: false };
}

/** `]}` and blanks. */
function closes(bytes: Uint8Array): boolean {
  let last = bytes.length - 1;
  while (last >= 0 && bytes[last]! <= 0x20) last--;
  return bytes[last] === 0x7d;
}

/** The next quote at or after `from`; -1 when the input ends. Native search: nodes and edges are most of a snapshot. */
async function findQuote(window: InputWindow, from: number): Promise<number> {
  let at = from;
  for (;;) {
    const bytes = await window.rest(at);
    if (bytes.length === 0) return -1;
    const found = bytes.indexOf(QUOTE);
    if (found >= 0) return at + found;
    at += bytes.length;
  }
}
