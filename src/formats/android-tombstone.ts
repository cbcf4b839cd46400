/**
 * Android tombstones, as text (libdebuggerd's tombstone.cpp, xCrash) and as protobuf (tombstone.proto, Android 12 on).
 * They hold registers, stack and memory near registers: raw bytes in the protobuf, hex words in the text (which the
 * container `hex-memory` decodes).
 */
import { publicNumber, publicText } from '../bytes/public-words.ts';
import { hasText } from '../bytes/reader.ts';
import { defineFormat, type LayoutThread } from '../model/format.ts';
import type { Input } from '../model/input.ts';
import { isProtobuf, readProtobuf } from './android-tombstone/protobuf.ts';
import { readSections, type Section } from './text/sections.ts';

const STARS = '*** *** *** *** *** *** *** *** *** *** *** *** *** *** *** ***';
const DASHES = '--- --- ---';
/** More threads are not listed; a process has some hundred. */
const MAX_THREADS = 65_536;

/** Lines that begin a section, and whether it is about the thread. */
const SECTIONS: readonly (readonly [string, Section, boolean?])[] = [
  ['registers:', { kind: 'registers', label: 'registers' }, true],
  ['backtrace:', { kind: 'stream', label: 'backtrace' }, true],
  ['stack:', { kind: 'stack', label: 'stack (hex)' }, true],
  ['code around', { kind: 'memory', label: 'code (hex)' }],
  ['memory map', { kind: 'stream', label: 'memory map' }],
  ['open files', { kind: 'stream', label: 'open files' }],
  ['logcat:', { kind: 'stream', label: 'log' }],
  ['--------- ', { kind: 'stream', label: 'log' }],
  ['Cmd line:', { kind: 'environment', label: 'command line' }],
  ['Cmdline:', { kind: 'environment', label: 'command line' }],
  ['Abort message:', { kind: 'stream', label: 'abort message' }],
];

export default defineFormat({
  id: 'android-tombstone',
  title: 'Android tombstone (text, protobuf)',
  doc: `
Crash reports of \`debuggerd\` (\`/data/tombstones\`), also those of xCrash. Text: registers, stacks and memory near
registers by thread, command line, log. Protobuf: memory near registers with its addresses, threads, command line, log
buffers. Source: \`tombstone.proto\` and \`tombstone.cpp\` of AOSP's \`system/core/debuggerd\`.
`,

  recognise(head) {
    return hasText(head, 0, STARS) || isProtobuf(head);
  },

  readLayout: async (input) => ((await isText(input)) ? readText(input) : readProtobuf(input)),
});

async function isText(input: Input): Promise<boolean> {
  const head = new Uint8Array(STARS.length);
  await input.read(head, 0);
  return hasText(head, 0, STARS);
}

async function readText(input: Input) {
  const facts: { name: string; value: string }[] = [];
  const threads: LayoutThread[] = [];
  let pid: number | undefined;
  let name: string | undefined;
  let thread: number | undefined;
  const about = (section: Section): Section => (thread === undefined ? section : { ...section, thread });
  const { regions, gaps } = await readSections(input, { kind: 'stream', label: 'header' }, (line) => {
    if (hasText(line, 0, 'pid: ')) {
      // pid: 6367, tid: 6388, name: Jit thread pool  >>> xcrash.sample <<<
      const found = /^pid: (\d+)(?:, tid: (\d+), name: (.*?))?\s+>>> (.*?) <<</.exec(publicText(line));
      if (!found) return undefined;
      pid ??= publicNumber(found[1]);
      name ??= found[4];
      const id = publicNumber(found[2]);
      if (id === undefined) return undefined;
      if (threads.length < MAX_THREADS) {
        threads.push({ id, ...(found[3] && { name: found[3] }), ...(threads.length === 0 && { crashed: true }) });
      }
      thread = id;
      return { kind: 'stream', label: `thread ${id}`, thread: id };
    }
    if (hasText(line, 0, 'memory near ')) {
      const near = /^memory near (\w{1,8})/.exec(publicText(line))?.[1];
      return about({ kind: 'memory', label: `memory near ${near ?? '?'} (hex)` });
    }
    if (hasText(line, 0, DASHES)) return { kind: 'stream', label: 'thread' };
    if (
      facts.length < 8 &&
      (hasText(line, 0, 'signal ') || hasText(line, 0, 'Build fingerprint: ') || hasText(line, 0, 'ABI: '))
    ) {
      const [key, value] = publicText(line).split(/: '?|(?<=^signal) /);
      if (key && value) facts.push({ name: key, value: value.replace(/'$/, '') });
    }
    const found = SECTIONS.find(([prefix]) => hasText(line, 0, prefix));
    return found && (found[2] ? about(found[1]) : found[1]);
  });
  return {
    regions,
    process: { ...(name && { name }), ...(pid !== undefined && { pid }) },
    threads,
    facts,
    gaps,
  };
}
