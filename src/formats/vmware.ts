/**
 * VMware suspend and snapshot state, `.vmss` and `.vmsn` (as volatility3's vmware layer reads it): groups of tags,
 * little-endian. The guest's memory is in the group `memory`, or beside it in a `.vmem` file, which has no header.
 */
import { InputWindow } from '../bytes/input-window.ts';
import { publicText } from '../bytes/public-words.ts';
import { u32le } from '../bytes/reader.ts';
import { RegionList } from '../bytes/region-list.ts';
import { size64le } from '../bytes/uint64.ts';
import { FormatError } from '../model/errors.ts';
import { defineFormat, type LayoutGap, type LayoutRegion } from '../model/format.ts';
import { readTags, type Tag } from './vmware/tags.ts';

const MAGICS: ReadonlySet<number | undefined> = new Set([0xbed2bed0, 0xbad1bad1, 0xbed2bed2, 0xbed3bed3]);
const GROUP_BYTES = 80;
/** VMware writes some sixty groups. */
const MAX_GROUPS = 1024;
/** Of all groups; a machine of many devices has some ten thousand. */
const MAX_TAGS = 131_072;
/** For the gap: who reads it. */
const COMPRESSED = 'vmware.compressed: vmss2core writes the memory out';
/** One says that it is not whole. */
const MAX_GAPS = 64;
const PAGE_BYTES = 4096;

/** All in pages: where in the file's memory, where in the guest's, how many. */
interface MemoryRegion {
  readonly page: number;
  readonly address: number;
  readonly size: number;
}

const MAPPING: Readonly<Record<string, keyof MemoryRegion>> = {
  regionPageNum: 'page',
  regionPPN: 'address',
  regionSize: 'size',
};
/** A guest has up to three stretches of memory, around the PCI hole. */
const MAX_MAPPED = 64;

export default defineFormat({
  id: 'vmware',
  title: 'VMware suspend or snapshot state (.vmss, .vmsn)',
  doc: `
Groups of tags by name; the guest's memory with its physical addresses when it is in the file. A \`.vmem\` beside it has no
header and is searched as raw bytes: its addresses are file offsets below the PCI hole. Compressed memory is a gap: VMware's \`vmss2core\` writes it out.
Source: volatility3's \`vmware\` layer.
`,

  recognise: (head) => MAGICS.has(u32le(head, 0)),

  async readLayout(input) {
    const window = new InputWindow(input);
    const head = await window.read(0, 12);
    const count = u32le(head, 8);
    if (!MAGICS.has(u32le(head, 0)) || count === undefined) throw new FormatError('vmware.header');
    const gaps: LayoutGap[] = count > MAX_GROUPS ? [{ code: 'over-budget', detail: 'vmware.groups' }] : [];
    const found: LayoutRegion[] = [];
    const mapping = new Map<number, MemoryRegion>();
    const memory: Tag[] = [];
    const groups: string[] = [];
    const budget = { tags: MAX_TAGS };
    for (let i = 0; i < Math.min(count, MAX_GROUPS); i++) {
      const group = await window.read(12 + i * GROUP_BYTES, GROUP_BYTES);
      if (group.length < GROUP_BYTES) {
        gaps.push({ code: 'truncated', detail: 'vmware.group' });
        break;
      }
      const nul = group.indexOf(0);
      const name = publicText(group, { start: 0, end: nul < 0 || nul > 64 ? 64 : nul });
      const at = size64le(group, 64)!;
      groups.push(name);
      const { tags, end, problem } = await readTags(window, at, budget);
      if (problem && gaps.length < MAX_GAPS) gaps.push({ code: problem, detail: 'vmware.tag' });
      if (end > at) found.push({ kind: 'stream', label: name, start: at, end });
      for (const tag of tags) {
        if (tag.isCompressed && gaps.length < MAX_GAPS)
          gaps.push({ code: 'not-opened', detail: COMPRESSED, span: { start: tag.start, end: tag.end } });
        if (name !== 'memory') continue;
        const field = MAPPING[tag.name];
        if (field && mapping.size < MAX_MAPPED) {
          const index = tag.indices[0] ?? 0;
          mapping.set(index, { ...(mapping.get(index) ?? { page: 0, address: 0, size: 0 }), [field]: tag.value });
        }
        if (tag.name === 'Memory' && !tag.isCompressed && memory.length < MAX_MAPPED) memory.push(tag);
      }
    }
    const regions = new RegionList();
    for (const region of splitAt(found, memory, [...mapping.values()], input.size)) regions.add(region);
    const facts = [{ name: 'groups', value: groups.slice(0, 64).join(', ') }];
    return { regions: regions.done(), addressSpace: 'physical', facts, gaps };
  },
});

/** The groups' regions with the memory cut out of them, sorted. */
function splitAt(
  groups: readonly LayoutRegion[],
  memory: readonly Tag[],
  mapping: readonly MemoryRegion[],
  size: number,
): readonly LayoutRegion[] {
  const parts: LayoutRegion[] = [];
  for (const { start, end } of memory) {
    // Without a mapping the memory is one stretch from zero.
    const known = mapping.filter(({ size: pages }) => pages > 0);
    const list = known.length > 0 ? known : [{ page: 0, address: 0, size: Math.ceil((end - start) / PAGE_BYTES) }];
    for (const region of list) {
      const from = start + region.page * PAGE_BYTES;
      const to = Math.min(from + region.size * PAGE_BYTES, end, size);
      const address = BigInt(region.address) * BigInt(PAGE_BYTES);
      if (from < to) parts.push({ kind: 'memory', label: 'guest memory', address, start: from, end: to });
    }
  }
  for (const group of groups) {
    let at = group.start;
    const inside = memory.filter(({ start, end }) => start < group.end && end > group.start);
    for (const { start, end } of inside.sort((a, b) => a.start - b.start)) {
      if (start > at) parts.push({ ...group, start: at, end: start });
      at = Math.max(at, end);
    }
    const end = Math.min(group.end, size);
    if (end > at) parts.push({ ...group, start: at, end });
  }
  return parts.sort((a, b) => a.start - b.start);
}
