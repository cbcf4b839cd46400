/**
 * ar (ar(5) of FreeBSD, deb(5)): static libraries and Debian packages. The trap: a long name lies in a table (`/12`) or
 * before the content (`#1/20`), and counts to its size there.
 */
import { ForwardReader } from '../bytes/forward-reader.ts';
import { hasText } from '../bytes/reader.ts';
import { defineContainer, type Member, type MemberGap } from '../model/container.ts';
import type { Input } from '../model/input.ts';

const MAGIC = '!<arch>\n';
const HEADER_BYTES = 60;
/** The table of long names is held. */
const MAX_TABLE_BYTES = 4_194_304;
const MAX_NAME_BYTES = 65_536;

const decoder = new TextDecoder();
const text = (bytes: Uint8Array): string => decoder.decode(bytes);

function nameIn(table: string, at: number): string {
  const end = table.indexOf('\n', at);
  return table.slice(at, end < 0 ? undefined : end).replace(/\/$/, '');
}

async function* open(input: Input): AsyncGenerator<Member | MemberGap> {
  const reader = new ForwardReader(input);
  let table = '';
  try {
    await reader.skip(MAGIC.length);
    for (;;) {
      const start = reader.at;
      const head = await reader.peek(HEADER_BYTES);
      if (head.length === 0) return;
      const size = text(head.subarray(48, 58)).trim();
      if (head.length < HEADER_BYTES || !/^[0-9]+$/.test(size) || !hasText(head, 58, '`\n')) {
        const code = head.length < HEADER_BYTES ? 'truncated' : 'format-error';
        yield { code, span: { start, end: Number.isFinite(input.size) ? input.size : start }, detail: 'ar.header' };
        return;
      }
      let name = text(head.subarray(0, 16)).trimEnd();
      await reader.skip(HEADER_BYTES);
      let bytes = Number(size);
      const end = reader.at + bytes;
      const inTable = /^\/([0-9]+)$/.exec(name);
      const before = /^#1\/([0-9]+)$/.exec(name);
      let isIndex = name === '/' || name === '/SYM64/' || name.startsWith('__.SYMDEF');
      if (name === '//') {
        if (bytes <= MAX_TABLE_BYTES) table = text(await reader.peek(bytes));
        else yield { code: 'too-large', span: { start, end }, detail: 'ar.names' };
        isIndex = true;
      } else if (inTable) name = nameIn(table, Number(inTable[1]));
      else if (before && Number(before[1]) <= Math.min(bytes, MAX_NAME_BYTES)) {
        name = text(await reader.take(Number(before[1]))).replace(/\0+$/, '');
        bytes = end - reader.at;
        isIndex = name.startsWith('__.SYMDEF');
      } else if (!isIndex) name = name.replace(/\/$/, '');
      if (bytes > 0 && !isIndex) {
        const content = () => reader.content(bytes, 'ar.size');
        yield { name, size: bytes, stored: { start: reader.at, end }, content };
      }
      await reader.skip(end - reader.at);
      await reader.skip(end % 2);
    }
  } finally {
    reader.close();
  }
}

export default defineContainer({
  id: 'ar',
  title: 'ar (static libraries, deb)',
  doc: `The common form with the long names of System V, GNU and BSD. A Debian package holds archives that are opened in turn. Thin
archives hold no content. Source: ar(5), deb(5).`,
  access: 'sequential',
  recognise: (head) => hasText(head, 0, MAGIC),
  open,
});
