/**
 * .NET EventPipe traces: `.nettrace` versions 4 to 6 and the older `.netperf` (perfview, NetTraceFormat.md). Little-endian.
 * Trap: a block of version 4 and 5 is padded to 4 bytes of the *file*, between its size and its content.
 */
import { InputWindow } from '../bytes/input-window.ts';
import { publicText } from '../bytes/public-words.ts';
import { hasText, u16le, u32le } from '../bytes/reader.ts';
import { RegionList } from '../bytes/region-list.ts';
import { FormatError } from '../model/errors.ts';
import { defineFormat, type LayoutGap } from '../model/format.ts';

const MAGIC = 'Nettrace';
const SERIALIZATION = '!FastSerialization.1';
const BEGIN_OBJECT = 5;
const NULL_REFERENCE = 1;
const END_OBJECT = 6;
const TRACE_BYTES = 48;

/** Kinds of blocks of version 6, by number. */
const KINDS = [
  'end',
  'Trace',
  'EventBlock',
  'MetadataBlock',
  'SPBlock',
  'StackBlock',
  'Thread',
  'RemoveThread',
  'LabelList',
];

/** Blocks hold up to 100 KB; a day of tracing makes some hundred thousand. */
const MAX_BLOCKS = 4_194_304;

interface Read {
  readonly regions: RegionList;
  readonly facts: { name: string; value: string }[];
  readonly gaps: LayoutGap[];
  pid?: number;
}

export default defineFormat({
  id: 'nettrace',
  title: '.NET EventPipe trace (.nettrace, .netperf)',
  doc: `
Traces of \`dotnet-trace\` and \`EventPipe\`, which hold command lines, exception messages and whatever events carry, as
UTF-16. Regions are the blocks of versions 4, 5 and 6; \`.netperf\` (version 3, .NET Core 2) has no blocks and is one
region. Source: \`NetTraceFormat.md\` of perfview.
`,

  recognise(head) {
    return hasText(head, 0, MAGIC) || (hasText(head, 4, SERIALIZATION) && u32le(head, 0) === SERIALIZATION.length);
  },

  async readLayout(input) {
    const window = new InputWindow(input);
    const head = await window.read(0, 32);
    const read: Read = { regions: new RegionList(), facts: [], gaps: [] };
    if (hasText(head, 12, SERIALIZATION)) await readObjects(window, 32, read);
    else if (hasText(head, 4, SERIALIZATION)) {
      const name = await window.read(24, 64);
      const length = u32le(name, 11) ?? 0;
      read.facts.push({ name: 'version', value: 'netperf' });
      read.facts.push({ name: 'object', value: publicText(name, { start: 15, end: 15 + Math.min(length, 48) }) });
      const end = Number.isFinite(window.end) ? window.end : Number.MAX_SAFE_INTEGER;
      read.regions.add({ kind: 'stream', label: 'events', start: 24, end });
    } else if (hasText(head, 0, MAGIC) && u32le(head, 8) === 0) {
      read.facts.push({ name: 'version', value: `${u32le(head, 12) ?? 0}.${u32le(head, 16) ?? 0}` });
      await readBlocks(window, 20, read);
    } else throw new FormatError('nettrace.header');
    return {
      regions: read.regions.done(),
      ...(read.pid !== undefined && { process: { pid: read.pid } }),
      facts: read.facts,
      gaps: read.gaps,
    };
  },
});

/** Versions 4 and 5: objects with a type, of which all but Trace are blocks. */
async function readObjects(window: InputWindow, from: number, read: Read): Promise<void> {
  let at = from;
  for (let n = 0; n < MAX_BLOCKS; n++) {
    const head = await window.read(at, 80);
    if (head[0] === NULL_REFERENCE) return; // the end of the stream
    if (head.length < 16) {
      if (!window.cutShort) read.gaps.push({ code: 'truncated', detail: 'nettrace.object' });
      return;
    }
    const length = u32le(head, 11) ?? 0;
    if (head[0] !== BEGIN_OBJECT || head[1] !== BEGIN_OBJECT || head[2] !== NULL_REFERENCE || length > 48) {
      read.gaps.push({ code: 'format-error', detail: 'nettrace.object.tag' });
      return;
    }
    const name = publicText(head, { start: 15, end: 15 + length });
    const version = u32le(head, 3);
    let end = at + 15 + length + 1;
    if (name === 'Trace') {
      readTrace((await window.read(end, TRACE_BYTES)).slice(), read);
      read.facts.unshift({ name: 'version', value: String(version) });
      end += TRACE_BYTES;
    } else {
      const size = u32le(await window.read(end, 4), 0) ?? 0;
      const data = Math.ceil((end + 4) / 4) * 4;
      end = data + size;
      read.regions.add({ kind: 'stream', label: name, start: data, end: Math.min(end, window.input.size) });
    }
    const last = await window.read(end, 1);
    if (last.length === 0) {
      if (!window.cutShort) read.gaps.push({ code: 'truncated', detail: 'nettrace.block' });
      return;
    }
    if (last[0] !== END_OBJECT) {
      read.gaps.push({ code: 'format-error', detail: 'nettrace.object.end' });
      return;
    }
    at = end + 1;
  }
  read.gaps.push({ code: 'over-budget', detail: 'nettrace.blocks' });
}

/** SYSTEMTIME, u64 time, u64 frequency, u32 pointer size, u32 process, u32 processors, u32 sampling rate. */
function readTrace(trace: Uint8Array, read: Read): void {
  const [year, month, , day, hour, minute] = [0, 2, 4, 6, 8, 10].map((at) => u16le(trace, at) ?? 0);
  const two = (value = 0): string => String(value).padStart(2, '0');
  read.facts.push({ name: 'started', value: `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}Z` });
  read.pid = u32le(trace, 36) ?? 0;
}

/** Version 6: u32 with the size in its low 24 bits and the kind above. */
async function readBlocks(window: InputWindow, from: number, read: Read): Promise<void> {
  let at = from;
  for (let n = 0; n < MAX_BLOCKS; n++) {
    const head = u32le(window.view(at, 4) ?? (await window.read(at, 4)), 0);
    if (head === undefined) {
      if (!window.cutShort) read.gaps.push({ code: 'truncated', detail: 'nettrace.block' });
      return;
    }
    const kind = head >>> 24;
    if (kind === 0) return;
    const end = at + 4 + (head & 0xff_ffff);
    read.regions.add({
      kind: 'stream',
      label: KINDS[kind] ?? 'block',
      start: at + 4,
      end: Math.min(end, window.input.size),
    });
    at = end;
  }
  read.gaps.push({ code: 'over-budget', detail: 'nettrace.blocks' });
}
