/**
 * JDK Flight Recorder files: chunks one after another (JDK's `jdk.jfr.internal.consumer`, JMC's `flightrecorder` parser).
 * Header big-endian, events in LEB128. Environment variables, system properties and command lines are events in clear.
 * Trap: chunks of JDK 7 and 8 (version 0.x) have another header and fixed-size numbers: they are one region each.
 */
import { InputWindow } from '../bytes/input-window.ts';
import { hasText, u16be, u32be } from '../bytes/reader.ts';
import { RegionList } from '../bytes/region-list.ts';
import { size64be } from '../bytes/uint64.ts';
import { FormatError } from '../model/errors.ts';
import { defineFormat, type LayoutGap } from '../model/format.ts';
import type { RegionKind } from '../model/place.ts';
import { readEventTypes, readVarint } from './jfr/metadata.ts';

const MAGIC = 'FLR\0';
const HEADER_BYTES = 68;
/** Chunks have 12 MB by default; recordings some hundred of them. */
const MAX_CHUNKS = 65_536;
/** Largest description of event types: JDK 21 writes 100 KB. */
const MAX_METADATA_BYTES = 16_777_216;
/** Events that are looked at, in all chunks: a minute. Later chunks have no labels inside. */
const MAX_EVENTS = 134_217_728;

/** Events that hold what a process was started with. */
const ENVIRONMENT = /\.(InitialEnvironmentVariable|InitialSystemProperty|JVMInformation|SystemProcess|ProcessStart)$/;

interface Chunk {
  readonly at: number;
  readonly end: number;
  readonly version: string;
  /** Where the event types are described; undefined when it can't be told. */
  readonly metadata: number | undefined;
}

export default defineFormat({
  id: 'jfr',
  title: 'JDK Flight Recorder file',
  doc: `
Recordings of JDK 9 and later event by event: environment variables, system properties, JVM arguments and command lines
are labelled as environment, checkpoints, type descriptions and other events as such. Recordings of JDK 7 and 8 chunk
by chunk. They are often gzip. Source: \`jdk.jfr.internal.consumer\` and JMC's \`ChunkLoader\`.
`,

  recognise(head) {
    return hasText(head, 0, MAGIC);
  },

  async readLayout(input) {
    const window = new InputWindow(input);
    const regions = new RegionList();
    const gaps: LayoutGap[] = [];
    const facts: { name: string; value: string }[] = [];
    const budget = { events: MAX_EVENTS };
    let at = 0;
    let chunks = 0;
    for (; chunks < MAX_CHUNKS; chunks++) {
      const chunk = await readChunk(window, at);
      if (!chunk) break;
      if (chunks === 0) facts.push({ name: 'version', value: chunk.version });
      const label = `chunk ${chunks + 1}`;
      if (chunk.end > window.input.size) gaps.push({ code: 'truncated', detail: 'jfr.chunk' });
      const end = Math.min(chunk.end, window.input.size);
      const walked = chunk.metadata === undefined ? at : await labelEvents(window, chunk, regions, budget);
      regions.add({ kind: 'stream', label, start: walked, end });
      at = chunk.end;
    }
    if (chunks === 0) throw new FormatError('jfr.chunk[0]');
    if (budget.events <= 0 || chunks === MAX_CHUNKS) gaps.push({ code: 'over-budget', detail: 'jfr.events' });
    else if (at < window.end && Number.isFinite(window.end)) {
      gaps.push({ code: 'format-error', detail: 'jfr.chunk.magic', span: { start: at, end: window.end } });
    }
    return {
      regions: regions.done(),
      facts: [...facts, { name: 'chunks', value: String(chunks) }],
      gaps: [...gaps, ...regions.gaps],
    };
  },
});

/** The chunk at `at`; undefined when there is none. */
async function readChunk(window: InputWindow, at: number): Promise<Chunk | undefined> {
  const head = await window.read(at, HEADER_BYTES);
  if (!hasText(head, 0, MAGIC) || head.length < 16) return undefined;
  const major = u16be(head, 4)!;
  const version = `${major}.${u16be(head, 6)}`;
  const first = size64be(head, 8)!;
  if (major === 0) {
    // The header gives where the last event lies, which begins with its size.
    const last = u32be(await window.read(at + first, 4), 0);
    return { at, end: at + first + (last ?? 0), version, metadata: undefined };
  }
  const metadata = size64be(head, 24) ?? 0;
  // A process that crashed leaves a chunk whose size was never written: it reaches to the end.
  if (first < HEADER_BYTES) return { at, end: Math.max(window.end, at + HEADER_BYTES), version, metadata: undefined };
  return { at, end: at + first, version, metadata: metadata >= HEADER_BYTES ? at + metadata : undefined };
}

/** Adds a region for each run of events of one meaning; returns how far the events made sense. */
async function labelEvents(
  window: InputWindow,
  chunk: Chunk,
  regions: RegionList,
  budget: { events: number },
): Promise<number> {
  const start = chunk.metadata ?? 0;
  const room = Math.min(MAX_METADATA_BYTES, chunk.end - start);
  const types = room > 0 ? readEventTypes(await window.read(start, room)) : undefined;
  if (!types) return chunk.at;
  const meanings = new Map<number, readonly [RegionKind, string]>([
    [0, ['stream', 'event types']],
    [1, ['stream', 'constant pool']],
  ]);
  for (const [id, name] of types) if (ENVIRONMENT.test(name)) meanings.set(id, ['environment', name]);
  const events = ['stream', 'events'] as const;
  regions.add({ kind: 'stream', label: 'header', start: chunk.at, end: chunk.at + HEADER_BYTES });
  let at = chunk.at + HEADER_BYTES;
  while (at < chunk.end && budget.events-- > 0) {
    const head = window.view(at, 18) ?? (await window.read(at, 18));
    const size = readVarint(head, 0);
    const type = size && readVarint(head, size.end);
    if (!type || size.value < size.end || at + size.value > chunk.end) return at;
    const [kind, label] = meanings.get(type.value) ?? events;
    regions.add({ kind, label, start: at, end: Math.min(at + size.value, window.input.size) });
    at += size.value;
  }
  return at;
}
