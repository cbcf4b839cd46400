/**
 * Windows kernel dumps, `MEMORY.DMP` and `Minidump\*.dmp` (0vercl0k/kdmp-parser's struct definitions; DUMP_HEADER of the
 * Windows debugger): PAGEDU64 and PAGEDUMP. Triage dumps hold data at virtual addresses; full and bitmap dumps hold
 * physical pages, so a virtual address needs a walk of the page tables: `describe` does it. Trap: unused fields are `PAGE`.
 */
import { InputWindow } from '../bytes/input-window.ts';
import { hasText } from '../bytes/reader.ts';
import { FormatError } from '../model/errors.ts';
import { defineFormat } from '../model/format.ts';
import { DUMP_TYPES, readHeader } from './windows-kernel/header.ts';
import { findVirtualAddress } from './windows-kernel/page-tables.ts';
import { readBitmap, readRuns } from './windows-kernel/physical.ts';
import { readTriage } from './windows-kernel/triage.ts';

export default defineFormat({
  id: 'windows-kernel',
  title: 'Windows kernel dump',
  doc: `
Triage ("small memory dump"), full, kernel and active dumps, of 32 and 64 bits. Triage: data
blocks, call stack and drivers (64 bits) at their virtual addresses. Others: physical pages with their addresses; \`explain\` adds the
kernel's virtual address from the page tables (64 bits). Facts: bugcheck, processors, time. A dump whose bitmap of pages is not
understood is a gap: its pages are searched one by one. Source: \`kdmp-parser-structs.h\` of kdmp-parser-rs, \`ntiodump.h\`.
`,

  recognise: (head) => hasText(head, 0, 'PAGEDU64') || hasText(head, 0, 'PAGEDUMP'),

  async readLayout(input) {
    const window = new InputWindow(input);
    const header = readHeader((await window.read(0, 0x2000)).slice());
    if (!header) throw new FormatError('windows-kernel.header');
    const kind = DUMP_TYPES[header.type];
    const read =
      kind?.[1] === 'triage'
        ? await readTriage(window, header)
        : kind?.[1] === 'bitmap'
          ? await readBitmap(window, header)
          : kind?.[1] === 'runs'
            ? readRuns(window.input, header)
            : { regions: [], gaps: [{ code: 'format-error' as const, detail: 'windows-kernel.dump_type' }] };
    const { regions } = read;
    const isTriage = kind?.[1] === 'triage';
    return {
      ...read,
      addressSpace: isTriage ? 'virtual' : 'physical',
      pointerBytes: header.is64 ? 8 : 4,
      facts: [{ name: 'dump type', value: kind?.[0] ?? `0x${header.type.toString(16)}` }, ...header.facts],
      ...(!isTriage &&
        header.is64 && {
          describe: (at: number) => findVirtualAddress(input, regions, header.directoryTableBase, at),
        }),
    };
  },
});
