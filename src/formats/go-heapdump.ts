/**
 * Heap dumps of Go: `debug.WriteHeapDump`, format "go1.7 heap dump" (runtime/heapdump.go). Records of LEB128 numbers and
 * counted bytes, without an index or padding: a walk is the only way through. Objects are too many for a region each.
 */
import { InputWindow } from '../bytes/input-window.ts';
import { hasText } from '../bytes/reader.ts';
import { RegionList } from '../bytes/region-list.ts';
import { FormatError } from '../model/errors.ts';
import { defineFormat, type LayoutGap, type LayoutThread } from '../model/format.ts';
import { describeRecord } from './go-heapdump/describe.ts';
import { MAGIC, TAG, walkRecords } from './go-heapdump/records.ts';

/** A server has 10^5 goroutines; more are not listed, but their stacks are. */
const MAX_THREADS = 65_536;

export default defineFormat({
  id: 'go-heapdump',
  title: 'Go heap dump',
  doc: `
What \`runtime/debug.WriteHeapDump\` writes, Go 1.7 and later: heap objects, data and BSS segments with their addresses,
stacks by goroutine. \`explain\` gives an object's address and what refers to it (a function's frame, a segment). Numbers
lie at every byte. Source: \`runtime/heapdump.go\`.
`,

  recognise(head) {
    return hasText(head, 0, MAGIC);
  },

  async readLayout(input) {
    const window = new InputWindow(input);
    if (!hasText(await window.read(0, MAGIC.length), 0, MAGIC)) throw new FormatError('go-heapdump.header');
    const regions = new RegionList();
    const threads: LayoutThread[] = [];
    const facts: { name: string; value: string }[] = [];
    let goroutine = 0;
    const stopped = await walkRecords(window, (record) => {
      const { tag, at: start, dataStart, dataEnd } = record;
      const end = Math.min(record.end, window.input.size);
      if (tag === TAG.OBJECT) regions.add({ kind: 'heap', label: 'Go heap', start, end });
      else if (tag === TAG.STACK_FRAME) {
        regions.add({ kind: 'stack', label: `stack of goroutine ${goroutine}`, thread: goroutine, start, end });
      } else if (tag === TAG.DATA || tag === TAG.BSS) {
        const label = tag === TAG.DATA ? 'data segment' : 'BSS segment';
        regions.add({ kind: 'stream', label: 'records', start, end: dataStart });
        regions.add({ kind: 'image', label, address: BigInt(record.address), start: dataStart, end: dataEnd });
        regions.add({ kind: 'stream', label: 'records', start: dataEnd, end });
      } else regions.add({ kind: 'stream', label: 'records', start, end });
      if (tag === TAG.GOROUTINE) {
        goroutine = record.number;
        if (threads.length < MAX_THREADS) threads.push({ id: goroutine, stackPointer: BigInt(record.address) });
      }
      if (tag === TAG.PARAMS) {
        const [architecture = '', version = ''] = record.texts;
        facts.push({ name: 'architecture', value: architecture }, { name: 'Go version', value: version });
      }
      return false;
    });
    const gaps: LayoutGap[] = stopped.problem ? [{ code: stopped.problem, detail: 'go-heapdump.record' }] : [];
    return {
      regions: regions.done(),
      addressSpace: 'virtual',
      threads,
      facts,
      gaps: [...gaps, ...regions.gaps],
      objects: 'go',
      describe: (at) => describeRecord(new InputWindow(input), at),
    };
  },
});
