/**
 * Linux kdump files of makedumpfile and QEMU (makedumpfile's diskdump_mod.h, IMPLEMENTATION; crash's diskdump.c):
 * KDUMP and DISKDUMP headers, a bitmap of the pages that were dumped, a descriptor for each, and pages compressed one by
 * one. Trap: in the flattened form (`makedumpfile -F`, QEMU) the file is a list of writes, in any order.
 */
import { hasText } from '../bytes/reader.ts';
import { defineContainer, type MemberGap } from '../model/container.ts';
import { unflatten } from './kdump/flattened.ts';
import { readHeader } from './kdump/header.ts';
import { readPages, readRuns } from './kdump/pages.ts';

export default defineContainer({
  id: 'kdump',
  title: 'Linux kdump (makedumpfile, QEMU)',
  doc: `
Kernel crash dumps in makedumpfile's compressed format, also flattened, 32 and 64 bits, either byte order, split files.
Pages: raw, zlib, LZO, snappy, zstd. One member, \`memory\`: the dumped pages in the order of
their numbers, with physical addresses. Pages that makedumpfile left out are not in the file. Source:
\`diskdump_mod.h\` of makedumpfile.
`,
  access: 'random',

  recognise: (head) =>
    hasText(head, 0, 'KDUMP   ') || hasText(head, 0, 'DISKDUMP') || hasText(head, 0, 'makedumpfile\0\0\0\0'),

  async *open(flat) {
    const gaps: MemberGap[] = [];
    const input = await unflatten(flat, gaps);
    const header = await readHeader(input);
    const { layout, pages } = await readRuns(input, header);
    yield {
      name: 'memory',
      size: pages * header.blockBytes,
      layout,
      content: () => readPages(input, header, gaps),
    };
    yield* gaps;
  },
});
