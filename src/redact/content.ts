/** Whether an artifact is text, from its first bytes and its format. */

import type { Input } from '../model/input.ts';
import type { Plugins } from '../scan/open.ts';
import { readHead, recognise } from '../scan/open.ts';
import type { Content } from './fill.ts';

const JSON_FORMATS = new Set(['v8-heapsnapshot', 'node-report', 'apple-ips']);
/** Text may hold a stray control character; memory holds many. */
const MAX_CONTROL_SHARE = 0.01;

export async function readContent(input: Input, plugins: Plugins): Promise<Content> {
  const head = await readHead(input);
  try {
    return contentOf(head, plugins);
  } finally {
    head.fill(0);
  }
}

export function contentOf(head: Uint8Array, plugins: Plugins): Content {
  if (JSON_FORMATS.has(recognise(head, plugins).format?.id ?? '')) return 'json';
  if (head[0] === 0xff && head[1] === 0xfe && head[2] !== 0) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  let controls = 0;
  let first = 0;
  for (const byte of head) {
    if (byte === 0) return 'binary';
    if (byte < 0x20 ? byte < 0x09 || byte > 0x0d : byte === 0x7f) controls++;
    if (first === 0 && byte > 0x20) first = byte;
  }
  // Text of one character set or another: memory without a single zero in 64 KiB is rare, and short blobs are told by UTF-8.
  if (controls > head.length * MAX_CONTROL_SHARE || !isUtf8(head)) return 'binary';
  return first === 0x7b || first === 0x5b ? 'json' : 'text';
}

/** Well formed, but for a character that the end of `head` cuts. */
function isUtf8(head: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
