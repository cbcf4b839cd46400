/**
 * Names the node that a string of a heap snapshot belongs to, and its owner. The name of a string node is its value, so
 * only types, ids, and names of classes and properties are given.
 */
import { isDigit } from '../../bytes/ascii.ts';
import type { InputWindow } from '../../bytes/input-window.ts';
import { latin1 } from '../../bytes/reader.ts';
import type { Section, SnapshotHeader } from './sections.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Names of classes and properties. What looks like data (long, many digits) may be a key of a map, and is not shown. */
const MAX_NAME_CHARS = 40;
const MAX_NAME_DIGITS = 4;
const NAME_START = latin1('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$#(');
const NAME_REST = latin1(' /().-');
/** Nodes whose name says what they are, not what they hold. */
const NAMED_TYPES: ReadonlySet<string> = new Set(['object', 'closure', 'native', 'synthetic', 'object shape']);
const TEXT_TYPES: ReadonlySet<string> = new Set(['string', 'concatenated string', 'sliced string', 'symbol']);

interface Node {
  /** Index of its first number in `nodes`: what `to_node` of an edge holds. */
  readonly index: number;
  readonly type: string;
  readonly name: number;
  readonly id: number;
}

export async function describeString(
  window: InputWindow,
  header: SnapshotHeader,
  sections: readonly Section[],
  at: number,
): Promise<readonly string[]> {
  const section = (name: string): Section | undefined => sections.find((each) => each.name === name);
  const [nodes, edges, strings] = [section('nodes'), section('edges'), section('strings')];
  if (!nodes || !edges || !strings || at < strings.start || at >= strings.end) return [];
  const string = await indexOfString(window, strings, at);
  if (string < 0) return [];
  const field = (name: string): number => header.nodeFields.indexOf(name);
  const [type, name, id, edgeCount] = ['type', 'name', 'id', 'edge_count'].map(field) as [
    number,
    number,
    number,
    number,
  ];
  const toNode = (row: ArrayLike<number>, index: number): Node => ({
    index,
    type: header.nodeTypes[row[type] ?? -1] ?? 'node',
    name: row[name] ?? -1,
    id: row[id] ?? 0,
  });

  let found: Node | undefined;
  await eachRow(window, nodes, header.nodeFields.length, (row, index) => {
    if (row[name] !== string) return false;
    const node = toNode(row, index);
    if (!found || TEXT_TYPES.has(node.type)) found = node;
    return TEXT_TYPES.has(node.type);
  });
  if (!found) return [`string ${string}`];

  const width = header.edgeFields.length;
  const [edgeType, edgeName, to] = ['type', 'name_or_index', 'to_node'].map((each) => header.edgeFields.indexOf(each));
  const target = found.index;
  let edge: { readonly index: number; readonly type: string; readonly name: number } | undefined;
  await eachRow(window, edges, width, (row, index) => {
    if (row[to!] !== target) return false;
    const kind = header.edgeTypes[row[edgeType!] ?? -1] ?? 'edge';
    if (!edge || kind === 'property') edge = { index: index / width, type: kind, name: row[edgeName!] ?? -1 };
    return kind === 'property';
  });
  let owner: Node | undefined;
  if (edge) {
    const { index: wanted } = edge;
    let edgesBefore = 0;
    await eachRow(window, nodes, header.nodeFields.length, (row, index) => {
      edgesBefore += row[edgeCount] ?? 0;
      if (edgesBefore > wanted) owner = toNode(row, index);
      return owner !== undefined;
    });
  }
  const names = [];
  if (owner && edge) {
    const ownerName = NAMED_TYPES.has(owner.type) ? await identifier(window, strings, owner.name) : undefined;
    const isNamed = edge.type === 'property' || edge.type === 'internal' || edge.type === 'context';
    const property = isNamed ? await identifier(window, strings, edge.name) : undefined;
    names.push(`${ownerName ?? owner.type} @${owner.id}`, `${edge.type} ${property ?? '?'}`);
  }
  return [...names, `${found.type} @${found.id}`];
}

/** Calls `visit` with each row of `width` numbers until it says true; `index` counts numbers. */
async function eachRow(
  window: InputWindow,
  { start, end }: Section,
  width: number,
  visit: (row: Float64Array, index: number) => boolean,
): Promise<void> {
  const row = new Float64Array(Math.max(1, width));
  let at = start;
  let filled = 0;
  let index = 0;
  let value = -1;
  // The key of the section holds no digits.
  while (at < end) {
    const bytes = await window.rest(at);
    if (bytes.length === 0) return;
    const length = Math.min(bytes.length, end - at);
    for (let i = 0; i < length; i++) {
      const digit = bytes[i]! - 0x30;
      if (digit >= 0 && digit <= 9) {
        value = Math.max(value, 0) * 10 + digit;
      } else if (value >= 0) {
        row[filled++] = value;
        value = -1;
        if (filled < row.length) continue;
        if (visit(row, index)) return;
        filled = 0;
        index += row.length;
      }
    }
    at += length;
  }
}

/** Calls `visit` with the beginning and end (after the quotes) of each string of the array until it says true. */
async function eachString(
  window: InputWindow,
  { start, end }: Section,
  visit: (index: number, start: number, end: number) => boolean,
): Promise<void> {
  // The section begins with its key.
  let at = start + '"strings"'.length;
  let opened = -1;
  let escaped = false;
  let index = 0;
  while (at < end) {
    const bytes = await window.rest(at);
    if (bytes.length === 0) return;
    const length = Math.min(bytes.length, end - at);
    for (let i = 0; i < length; i++) {
      const char = bytes[i]!;
      if (opened < 0) {
        if (char === QUOTE) opened = at + i;
      } else if (escaped) {
        escaped = false;
      } else if (char === BACKSLASH) {
        escaped = true;
      } else if (char === QUOTE) {
        if (visit(index, opened, at + i + 1)) return;
        index++;
        opened = -1;
      }
    }
    at += length;
  }
}

async function indexOfString(window: InputWindow, strings: Section, at: number): Promise<number> {
  let found = -1;
  await eachString(window, strings, (index, start, end) => {
    if (at < end) found = at >= start ? index : -1;
    return at < end;
  });
  return found;
}

/** The string at `index` when it looks like a name. */
async function identifier(window: InputWindow, strings: Section, index: number): Promise<string | undefined> {
  let span: { start: number; end: number } | undefined;
  await eachString(window, strings, (each, start, end) => {
    if (each === index) span = { start: start + 1, end: end - 1 };
    return each === index;
  });
  if (!span || span.end - span.start > MAX_NAME_CHARS) return undefined;
  const bytes = await window.read(span.start, span.end - span.start);
  return isName(bytes) ? String.fromCharCode(...bytes) : undefined;
}

/** On bytes: what is no name must not become text. */
function isName(bytes: Uint8Array): boolean {
  return (
    NAME_START.includes(bytes[0] ?? 0) &&
    bytes.every((char) => NAME_START.includes(char) || isDigit(char) || NAME_REST.includes(char)) &&
    bytes.filter(isDigit).length <= MAX_NAME_DIGITS
  );
}
