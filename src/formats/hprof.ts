/**
 * Java heap dumps: HPROF 1.0.1 to 1.0.3 ("HPROF binary format", demo/jvmti/hprof of JDK 8; Android's ART adds records).
 * Big-endian whatever the machine; Strings of JDK 9 and later hold bytes in the machine's order, char[] is big-endian.
 * Trap: a file may hold 10^8 objects, so regions are whole records, and only `describe` looks inside.
 */
import { InputWindow } from '../bytes/input-window.ts';
import { hasText } from '../bytes/reader.ts';
import { RegionList } from '../bytes/region-list.ts';
import { defineFormat, type LayoutGap } from '../model/format.ts';
import type { Input } from '../model/input.ts';
import type { RegionKind } from '../model/place.ts';
import { describeObject } from './hprof/describe.ts';
import { type HprofHeader, readHeader, readRecords, TAG } from './hprof/records.ts';

const MEANING: ReadonlyMap<number, readonly [RegionKind, string]> = new Map([
  [TAG.UTF8, ['stream', 'names'] as const],
  [TAG.LOAD_CLASS, ['stream', 'loaded classes'] as const],
  [TAG.UNLOAD_CLASS, ['stream', 'loaded classes'] as const],
  [TAG.FRAME, ['stream', 'stack traces'] as const],
  [TAG.TRACE, ['stream', 'stack traces'] as const],
  [TAG.HEAP_DUMP, ['heap', 'Java heap'] as const],
  [TAG.HEAP_DUMP_SEGMENT, ['heap', 'Java heap'] as const],
]);

const facts = ({ version, idBytes, time }: HprofHeader, classes: number) => [
  { name: 'version', value: `JAVA PROFILE ${version}` },
  { name: 'identifier size', value: `${idBytes} bytes` },
  // A Date ends at 8.64e15 ms.
  ...(time > 0 && time < 8.64e15 ? [{ name: 'created', value: new Date(time).toISOString() }] : []),
  { name: 'loaded classes', value: String(classes) },
];

export default defineFormat({
  id: 'hprof',
  title: 'Java heap dump (HPROF)',
  doc: `
Heap dumps of HotSpot (\`jmap -dump\`, \`-XX:+HeapDumpOnOutOfMemoryError\`, \`jcmd GC.heap_dump\`), OpenJ9 and Android's
ART: versions 1.0.1, 1.0.2 and 1.0.3, identifiers of 4 and 8 bytes, one HEAP_DUMP record or segments, Android's records.
Regions are runs of records; \`explain\` names the object (\`byte[]\`), and which field of which class holds it. Numbers lie
at every byte: objects follow each other without padding. Source: "HPROF binary format" of JDK 8; Android's \`hprof.cc\`.
`,

  recognise(head) {
    return hasText(head, 0, 'JAVA PROFILE 1.0.') && head[18] === 0;
  },

  async readLayout(input) {
    const window = new InputWindow(input);
    const header = await readHeader(window);
    const regions = new RegionList();
    const gaps: LayoutGap[] = [];
    let classes = 0;
    const end = await readRecords(window, header, ({ tag, at, end }) => {
      const [kind, label] = MEANING.get(tag) ?? (['stream', 'other records'] as const);
      regions.add({ kind, label, start: at, end: Math.min(end, window.input.size) });
      if (tag === TAG.LOAD_CLASS) classes++;
    });
    if (end.problem) {
      gaps.push({
        code: end.problem,
        span: { start: end.at, end: Math.max(end.at, endOf(input)) },
        detail: end.detail,
      });
    }
    return {
      regions: regions.done(),
      addressSpace: 'virtual',
      facts: facts(header, classes),
      gaps,
      objects: 'hprof',
      bigEndian: true,
      describe: (at) => describeObject(new InputWindow(input), header, at),
    };
  },
});

const endOf = (input: Input): number => (Number.isFinite(input.size) ? input.size : 0);
