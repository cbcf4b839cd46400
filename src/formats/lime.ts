/**
 * LiME memory images (504ensicsLabs/LiME, doc/README.md): ranges of physical memory, each after a header of 32 bytes,
 * little-endian. Trap: the last address is inclusive.
 */
import { InputWindow } from '../bytes/input-window.ts';
import { u32le } from '../bytes/reader.ts';
import { RegionList } from '../bytes/region-list.ts';
import { size64le, u64le } from '../bytes/uint64.ts';
import { FormatError } from '../model/errors.ts';
import { defineFormat, type LayoutGap } from '../model/format.ts';

const MAGIC = 0x4c694d45; // EMiL in the file
const HEADER_BYTES = 32;
/** Machines have some tens of ranges. */
const MAX_RANGES = 65_536;

export default defineFormat({
  id: 'lime',
  title: 'LiME memory image',
  doc: `
Linux memory as LiME writes it (\`format=lime\`), and AVML without compression: ranges with their physical addresses.
Source: LiME's README and \`lime.h\`.
`,

  recognise: (head) => u32le(head, 0) === MAGIC && u32le(head, 4) === 1,

  async readLayout(input) {
    const window = new InputWindow(input, 4096);
    const regions = new RegionList();
    const gaps: LayoutGap[] = [];
    let at = 0;
    let ranges = 0;
    for (; ranges < MAX_RANGES; ranges++) {
      const head = await window.read(at, HEADER_BYTES);
      if (head.length === 0) break;
      const [first, last] = [u64le(head, 8), size64le(head, 16)];
      const size = first === undefined || last === undefined ? 0 : last - Number(first) + 1;
      if (u32le(head, 0) !== MAGIC || first === undefined || !(size > 0)) {
        gaps.push({ code: head.length < HEADER_BYTES ? 'truncated' : 'format-error', detail: 'lime.range' });
        break;
      }
      const start = at + HEADER_BYTES;
      const end = Math.min(start + size, window.input.size);
      regions.add({ kind: 'memory', label: 'physical memory', address: first, start, end });
      if (start + size > window.input.size) gaps.push({ code: 'truncated', detail: 'lime.range' });
      at = start + size;
    }
    if (ranges === 0) throw new FormatError('lime.range[0]');
    if (ranges === MAX_RANGES) gaps.push({ code: 'over-budget', detail: 'lime.ranges' });
    const facts = [{ name: 'ranges', value: String(ranges) }];
    return { regions: regions.done(), addressSpace: 'physical', facts, gaps };
  },
});
