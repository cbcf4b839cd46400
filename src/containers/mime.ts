/**
 * Mail and multipart texts (RFC 2045, 2046): the bodies in base64. Only what begins as a header or a boundary is one.
 */
import { ForwardReader } from '../bytes/forward-reader.ts';
import { hasText, indexOfText } from '../bytes/reader.ts';
import { defineContainer, type Member, type MemberGap } from '../model/container.ts';
import type { Input } from '../model/input.ts';
import { decodeBase64Body } from './codecs/base64-body.ts';
import { findLine } from './codecs/text-lines.ts';

const DASH = 0x2d;
const ENCODING = 'content-transfer-encoding:';
const MAX_NAME_CHARS = 256;

const lower = (char: number): number => (char >= 0x41 && char <= 0x5a ? char + 32 : char);

/** Whether `line` has the lower-case `text` at `at`, in any case. */
function hasWord(line: Uint8Array, at: number, text: string): boolean {
  if (at + text.length > line.length) return false;
  for (let i = 0; i < text.length; i++) if (lower(line[at + i]!) !== text.charCodeAt(i)) return false;
  return true;
}

function isBase64Header(line: Uint8Array): boolean {
  if (!hasWord(line, 0, ENCODING)) return false;
  let at = ENCODING.length;
  while (line[at] === 0x20 || line[at] === 0x09) at++;
  return hasWord(line, at, 'base64');
}

/** Value of `name=` or `filename=` in a header line. */
function fileName(line: Uint8Array): string | undefined {
  for (let at = indexOfText(line, '=', 0); at >= 0; at = indexOfText(line, '=', at + 1)) {
    if (!hasWord(line, at - 4, 'name') || at < 4) continue;
    const isQuoted = line[at + 1] === 0x22;
    const start = at + (isQuoted ? 2 : 1);
    let end = start;
    while (end < line.length && end - start < MAX_NAME_CHARS && line[end] !== (isQuoted ? 0x22 : 0x3b)) end++;
    return new TextDecoder().decode(line.subarray(start, end));
  }
  return undefined;
}

async function* open(input: Input): AsyncGenerator<Member | MemberGap> {
  const reader = new ForwardReader(input);
  try {
    for (;;) {
      let name = '';
      let isBase64 = false;
      // The blank line behind the headers of a part; headers of other parts may come before.
      const isFound = await findLine(reader, (line) => {
        if (line.length === 0) {
          if (isBase64) return true;
          name = '';
        } else if (isBase64Header(line)) isBase64 = true;
        else if (line[0] === DASH) {
          name = '';
          isBase64 = false;
        } else if (line.length <= 1024) name = fileName(line) ?? name;
        return false;
      });
      if (!isFound) {
        if (isBase64) yield { code: 'truncated', detail: 'mime.header' };
        return;
      }
      yield { name, content: () => decodeBase64Body(reader, (first) => first === DASH) };
    }
  } finally {
    reader.close();
  }
}

/** `Name: value`, the `From ` line of a mailbox, or a boundary. */
function beginsAsHeader(head: Uint8Array): boolean {
  if (hasText(head, 0, 'From ') || hasText(head, 0, '--')) return true;
  let at = 0;
  while (at < 64 && (head[at] === DASH || (lower(head[at] ?? 0) >= 0x61 && lower(head[at] ?? 0) <= 0x7a))) at++;
  return at > 1 && head[at] === 0x3a;
}

export default defineContainer({
  id: 'mime',
  title: 'MIME bodies in base64',
  doc: `Mail, mailboxes and multipart texts whose first 64 KiB have a \`Content-Transfer-Encoding: base64\`: each such body is a member, named by
its file name. All else is searched as the text it is. Source: RFC 2045, RFC 2046.`,
  access: 'sequential',
  recognise(head) {
    if (!beginsAsHeader(head)) return false;
    for (let start = 0; start < head.length; ) {
      const end = head.indexOf(0x0a, start);
      if (isBase64Header(head.subarray(start, end < 0 ? head.length : end))) return true;
      if (end < 0) return false;
      start = end + 1;
    }
    return false;
  },
  open,
});
