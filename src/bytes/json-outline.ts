/**
 * Where the members of a JSON document lie, without making values of them: what is in it may be secret. RFC 8259, read
 * leniently: a document that is cut off gives what is there.
 */
import type { Span } from '../model/place.ts';

/** One member or element: its path (`header.commandLine`, `threads.0`), and the span of its value. */
export interface OutlineMember extends Span {
  readonly path: string;
}

export interface Outline {
  /** In the order of their beginnings. */
  readonly members: readonly OutlineMember[];
  /** After the document; where the bytes end when it is cut off. */
  readonly end: number;
  readonly complete: boolean;
}

/** Crash reports have some thousands of members down to the third level. */
const MAX_MEMBERS = 65_536;
/** Nesting of real reports stays below 30; deeper input ends the outline. */
const MAX_DEPTH = 512;
/** Longer keys are data, and no part of a path. */
const MAX_KEY_CHARS = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

interface Open {
  readonly path: string;
  readonly start: number;
  readonly array: boolean;
  /** Of the next element. */
  index: number;
  /** Of the next value; undefined when a key comes next. */
  key: string | undefined;
}

/** The members down to `depth` levels below the document that begins at `at`. Total; linear in the bytes. */
export function outlineJson(bytes: Uint8Array, at: number, depth: number): Outline {
  const members: OutlineMember[] = [];
  const open: Open[] = [];
  const add = (path: string, start: number, end: number): void => {
    if (open.length > 0 && open.length <= depth && members.length < MAX_MEMBERS) members.push({ path, start, end });
  };
  const pathOf = (): string => {
    const parent = open.at(-1);
    if (!parent || open.length > depth) return '';
    const name = parent.array ? String(parent.index) : (parent.key ?? '');
    return parent.path === '' ? name : `${parent.path}.${name}`;
  };
  const done = (complete: boolean, end: number): Outline => ({
    members: members.sort((a, b) => a.start - b.start),
    end,
    complete,
  });
  let next = at;
  while (next < bytes.length) {
    const char = bytes[next]!;
    const parent = open.at(-1);
    if (char <= 0x20 || char === 0x3a) {
      next++;
    } else if (char === 0x2c) {
      if (parent) {
        parent.index++;
        parent.key = undefined;
      }
      next++;
    } else if (char === 0x7b || char === 0x5b) {
      if (open.length === MAX_DEPTH) break;
      open.push({ path: pathOf(), start: next, array: char === 0x5b, index: 0, key: undefined });
      next++;
    } else if (char === 0x7d || char === 0x5d) {
      const closed = open.pop();
      next++;
      if (!closed || open.length === 0) return done(closed !== undefined, next);
      add(closed.path, closed.start, next);
    } else if (char === QUOTE) {
      const end = endOfString(bytes, next);
      if (parent && !parent.array && parent.key === undefined) {
        const length = Math.min(end - 1 - (next + 1), MAX_KEY_CHARS);
        parent.key = open.length > depth ? '' : String.fromCharCode(...bytes.subarray(next + 1, next + 1 + length));
      } else {
        add(pathOf(), next, end);
      }
      next = end;
    } else {
      const start = next;
      while (next < bytes.length && isScalarChar(bytes[next]!)) next++;
      if (next === start) next++;
      add(pathOf(), start, next);
    }
    if (open.length === 0 && next > at && char > 0x20) return done(false, next);
  }
  // What is still open reaches to where the bytes end.
  while (open.length > 1) {
    const { path, start } = open.pop()!;
    add(path, start, bytes.length);
  }
  return done(false, bytes.length);
}

const isScalarChar = (char: number): boolean =>
  char > 0x20 && char !== 0x2c && char !== 0x3a && char !== 0x5d && char !== 0x7d && char !== 0x5b && char !== 0x7b;

/** After the closing quote of the string that begins at `at`; where the bytes end when it is cut off. */
function endOfString(bytes: Uint8Array, at: number): number {
  for (let end = bytes.indexOf(QUOTE, at + 1); end >= 0; end = bytes.indexOf(QUOTE, end + 1)) {
    let first = end;
    while (bytes[first - 1] === BACKSLASH) first--;
    if ((end - first) % 2 === 0) return end + 1;
  }
  return bytes.length;
}
