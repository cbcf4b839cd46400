/**
 * Apple crash reports: `.ips`, a line of JSON and then a document of JSON (bug_type 309, macOS 12 and iOS 15 on) or of
 * text (109), and the older `.crash` text alone ("Examining the fields in a crash report", developer.apple.com).
 */
import { InputWindow } from '../bytes/input-window.ts';
import { type OutlineMember, outlineJson } from '../bytes/json-outline.ts';
import { baseName, publicJsonText, publicNumber, publicText } from '../bytes/public-words.ts';
import { hasText, indexOfText } from '../bytes/reader.ts';
import { RegionList } from '../bytes/region-list.ts';
import { FormatError } from '../model/errors.ts';
import { defineFormat, type Layout, type LayoutModule, type LayoutThread } from '../model/format.ts';
import type { Input } from '../model/input.ts';
import { readSections, type Section } from './text/sections.ts';

/** With all threads of a large application some megabytes. */
const MAX_REPORT_BYTES = 67_108_864;
/** Threads and images that are listed. */
const MAX_LISTED = 65_536;
const LF = 10;

const TEXT_SECTIONS: readonly (readonly [string, Section])[] = [
  ['Application Specific', { kind: 'stream', label: 'application specific information' }],
  ['Last Exception Backtrace', { kind: 'stream', label: 'backtrace' }],
  ['Binary Images:', { kind: 'stream', label: 'binary images' }],
  ['External Modification Summary', { kind: 'stream', label: 'external modifications' }],
  ['VM Region Summary', { kind: 'stream', label: 'virtual memory' }],
];

export default defineFormat({
  id: 'apple-ips',
  title: 'Apple crash report (.ips, .crash)',
  doc: `
Crash and hang reports of macOS, iOS and their kin: \`.ips\` with JSON or text, and \`.crash\`. Labelled: members of the
JSON by name, threads with their registers, images. Source: Apple, "Examining the fields in a crash report" and
"Interpreting the JSON format of a crash report".
`,

  recognise(head) {
    if (hasText(head, 0, 'Incident Identifier:')) return true;
    if (hasText(head, 0, 'Process:')) return indexOfText(head, '\nIdentifier:', 0, 2048) > 0;
    if (head[0] !== 0x7b) return false;
    const line = head.subarray(0, Math.max(0, head.indexOf(LF)));
    return line.length < 16_384 && indexOfText(line, '"bug_type"', 0) > 0 && indexOfText(line, '"incident_id"', 0) > 0;
  },

  async readLayout(input) {
    const bytes = await new InputWindow(input).read(0, Math.min(MAX_REPORT_BYTES, input.size));
    if (bytes[0] !== 0x7b) return readText(input);
    const line = bytes.indexOf(LF);
    if (line < 0) throw new FormatError('ips.header');
    let body = line + 1;
    while (body < bytes.length && bytes[body]! <= 0x20) body++;
    return bytes[body] === 0x7b ? readJson(bytes, line, body) : readText(input);
  },
});

function readJson(bytes: Uint8Array, line: number, body: number): Layout {
  const { members, complete } = outlineJson(bytes, body, 3);
  const byPath = new Map<string, OutlineMember>(members.map((member) => [member.path, member]));
  const text = (path: string): string | undefined => publicJsonText(bytes, byPath.get(path));
  const regions = new RegionList();
  regions.add({ kind: 'stream', label: 'header', start: 0, end: line });
  for (const { path, start, end } of members) {
    if (!path.includes('.') && path !== 'threads') regions.add({ kind: 'stream', label: path, start, end });
    const index = /^threads\.(\d+)$/.exec(path)?.[1];
    if (index === undefined) continue;
    const id = publicNumber(text(`${path}.id`)) ?? Number(index);
    const state = byPath.get(`${path}.threadState`);
    regions.add({ kind: 'stream', label: `thread ${index}`, thread: id, start, end: state?.start ?? end });
    if (!state) continue;
    regions.add({
      kind: 'registers',
      label: `registers of thread ${index}`,
      thread: id,
      start: state.start,
      end: state.end,
    });
    regions.add({ kind: 'stream', label: `thread ${index}`, thread: id, start: state.end, end });
  }
  const threads: LayoutThread[] = [];
  const modules: LayoutModule[] = [];
  for (let i = 0; i < MAX_LISTED && byPath.has(`threads.${i}`); i++) {
    const name = text(`threads.${i}.name`);
    const crashed = text(`threads.${i}.triggered`) === 'true';
    const id = publicNumber(text(`threads.${i}.id`)) ?? i;
    threads.push({ id, ...(name && { name }), ...(crashed && { crashed }) });
  }
  for (let i = 0; i < MAX_LISTED && byPath.has(`usedImages.${i}`); i++) {
    const [base, size] = ['base', 'size'].map((key) => publicNumber(text(`usedImages.${i}.${key}`)));
    const uuid = text(`usedImages.${i}.uuid`);
    if (base === undefined) continue;
    modules.push({
      name: text(`usedImages.${i}.name`) ?? '?',
      address: BigInt(base),
      size: BigInt(size ?? 0),
      ...(uuid && { buildId: uuid.replaceAll('-', '').toLowerCase() }),
    });
  }
  const pid = publicNumber(text('pid'));
  const name = text('procName') ?? baseName(text('procPath') ?? '');
  const facts = ['osVersion.train', 'osVersion.build', 'modelCode', 'cpuType', 'captureTime', 'exception.type'];
  return {
    regions: regions.done(),
    process: { ...(name && { name }), ...(pid !== undefined && { pid }) },
    threads,
    modules,
    facts: facts.flatMap((path) => {
      const value = text(path);
      return value ? [{ name: path, value }] : [];
    }),
    gaps: complete
      ? []
      : [{ code: bytes.length === MAX_REPORT_BYTES ? 'over-budget' : 'truncated', detail: 'ips.json' }],
  };
}

async function readText(input: Input): Promise<Layout> {
  const facts: { name: string; value: string }[] = [];
  const threads = new Map<number, LayoutThread>();
  let process: { name?: string; pid?: number } = {};
  const { regions, gaps } = await readSections(input, { kind: 'stream', label: 'header' }, (line, current) => {
    if (current.label === 'header' && line.length < 200) {
      const [, key, value] =
        /^(Hardware Model|OS Version|Exception Type|Date\/Time|Process):\s+(.*)$/.exec(publicText(line)) ?? [];
      const named = key === 'Process' ? /^(.*?)\s*\[(\d+)\]/.exec(value ?? '') : undefined;
      const pid = publicNumber(named?.[2]);
      if (named?.[1]) process = { name: named[1], ...(pid !== undefined && { pid }) };
      else if (key && value && facts.length < 8) facts.push({ name: key, value });
    }
    if (hasText(line, 0, 'Thread ')) {
      const found = /^Thread (\d{1,6})(?: Crashed)?(?: name)?:|^Thread (\d{1,6}) crashed with/.exec(publicText(line));
      if (!found) return undefined;
      const id = Number(found[1] ?? found[2]);
      const crashed = indexOfText(line, 'rashed', 0) > 0 || threads.get(id)?.crashed === true;
      if (threads.size < MAX_LISTED) threads.set(id, { id, ...(crashed && { crashed }) });
      return found[2] === undefined
        ? { kind: 'stream', label: `thread ${id}`, thread: id }
        : { kind: 'registers', label: `registers of thread ${id}`, thread: id };
    }
    return TEXT_SECTIONS.find(([prefix]) => hasText(line, 0, prefix))?.[1];
  });
  return { regions, process, threads: [...threads.values()], facts, gaps };
}
