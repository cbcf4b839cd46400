/**
 * V8 heap snapshots (`HeapSnapshotJSONSerializer` in heap-snapshot-generator.cc): one JSON document of arrays of numbers,
 * the strings last. Never parsed as a whole: it may be gigabytes. Trap: strings are cut at 1,024 characters by default.
 */
import { InputWindow } from '../bytes/input-window.ts';
import { indexOfText } from '../bytes/reader.ts';
import { RegionList } from '../bytes/region-list.ts';
import { FormatError } from '../model/errors.ts';
import { defineFormat } from '../model/format.ts';
import { describeString } from './v8-heapsnapshot/describe.ts';
import { HEADER_BYTES, readHeader, readSections } from './v8-heapsnapshot/sections.ts';

export default defineFormat({
  id: 'v8-heapsnapshot',
  title: 'V8 heap snapshot',
  doc: `
Snapshots of Node.js (\`v8.writeHeapSnapshot\`, \`--heapsnapshot-signal\`), Chrome and Electron. Regions are the sections
(nodes, edges, strings …); \`explain\` says which node a string belongs to and which property of which class holds it.
V8 cuts strings at 1,024 characters unless \`--heap-snapshot-string-limit\` says otherwise: what it cut off is not in the
file. Source: \`HeapSnapshotJSONSerializer\` of V8.
`,

  recognise(head) {
    const at = indexOfText(head, '"snapshot"', 0, 64);
    return at > 0 && head.subarray(0, at).every((char) => char === 0x7b || char <= 0x20) && hasNodeFields(head, at);
  },

  async readLayout(input) {
    const window = new InputWindow(input);
    const header = readHeader(await window.read(0, HEADER_BYTES));
    if (!header) throw new FormatError('v8-heapsnapshot.snapshot.meta');
    const { sections, end, complete } = await readSections(window, header.end);
    const regions = new RegionList();
    regions.add({ kind: 'stream', label: 'snapshot', start: 0, end: header.end });
    for (const { name, start, end: sectionEnd } of sections) {
      const strings = name === 'strings';
      regions.add({ kind: strings ? 'heap' : 'stream', label: name, start, end: sectionEnd });
    }
    return {
      regions: regions.done(),
      facts: header.facts,
      gaps:
        complete || window.cutShort
          ? []
          : [{ code: 'truncated', detail: 'v8-heapsnapshot.strings', span: { start: end, end } }],
      describe: (at) => describeString(new InputWindow(input, 1_048_576), header, sections, at),
    };
  },
});

const hasNodeFields = (head: Uint8Array, at: number): boolean => indexOfText(head, '"node_fields"', at, at + 4096) > 0;
