/**
 * Memory that a crash report holds as hex text, as bytes: a key in it is invisible to a search of the text. HotSpot's
 * hs_err logs (os::print_hex_dump), Android tombstones (`stack:`, `memory near`), Breakpad microdumps (`S` lines).
 * Trap: groups of 8 or 16 digits are words of a little-endian machine, groups of two are bytes in order.
 */
import { publicText } from '../bytes/public-words.ts';
import { hasText, indexOfText } from '../bytes/reader.ts';
import { readLines } from '../bytes/text-lines.ts';
import { defineContainer } from '../model/container.ts';
import type { LayoutRegion } from '../model/format.ts';
import { MAX_DECODED_BYTES, parseHexLine } from './hex-memory/hex-line.ts';

/** Reports are some megabytes. */
const MAX_TEXT_BYTES = 268_435_456;
/** Between stretches that are no neighbours, so that nothing is read across: longer than any key is by chance. */
const SPACING_BYTES = 64;
const MAX_RUNS = 65_536;

const HS_ERR = ['# A fatal error has been detected by the Java', '# There is insufficient memory for the Java'];
const TITLES = ['memory near ', 'code around ', 'stack:', 'Top of Stack:', 'Instructions:'];
const STARS = '*** *** *** *** *** *** *** ***';
const MICRODUMP = '-----BEGIN BREAKPAD MICRODUMP-----';

interface Run {
  readonly label: string;
  readonly address: bigint;
  readonly bytes: Uint8Array[];
  length: number;
}

export default defineContainer({
  id: 'hex-memory',
  title: 'Memory as hex text in crash reports',
  doc: `
The top of the stack, instructions and memory near registers in HotSpot's \`hs_err\` logs, Android tombstones (text) and
Breakpad microdumps, decoded into one member \`memory\` whose regions carry the addresses. Words are taken as
little-endian, as all of Android and nearly all JVMs have them.
`,
  // Not `sequential`: of a stream the text itself must be searched, which passes but once.
  access: 'random',

  recognise(head) {
    const begin = Math.min(head.length, 256);
    if (hasText(head, 0, STARS)) return true;
    if (head[0] === 0x23 && HS_ERR.some((title) => indexOfText(head, title, 0, begin) > 0)) return true;
    // Programs that write microdumps hold the line too; a log is text.
    return (
      head.subarray(0, 64).every((char) => char >= 0x20 || char === 9 || char === 10 || char === 13) &&
      indexOfText(head, MICRODUMP, 0) >= 0
    );
  },

  async *open(input) {
    const runs: Run[] = [];
    let label = 'memory';
    let total = 0;
    let full = false;
    const end = await readLines(input, MAX_TEXT_BYTES, (line) => {
      const parsed = parseHexLine(line);
      if (!parsed) {
        // `memory near x0 (…):`, `stack:`, `Top of Stack: (sp=0x…)`: what the next lines are. No other line becomes text.
        if (TITLES.some((title) => hasText(line, 0, title))) {
          label =
            /^(memory near \w{1,8}|code around \w{1,8}|stack|Top of Stack|Instructions)/.exec(publicText(line))?.[1] ??
            label;
        }
        return undefined;
      }
      const { address, bytes, isStack } = parsed;
      total += bytes.length;
      const last = runs.at(-1);
      if (last && address === last.address + BigInt(last.length)) {
        last.bytes.push(bytes);
        last.length += bytes.length;
      } else {
        runs.push({ label: isStack ? 'stack' : label, address, bytes: [bytes], length: bytes.length });
      }
      full = total > MAX_DECODED_BYTES || runs.length > MAX_RUNS;
      return !full;
    });
    try {
      if (runs.length > 0) {
        yield {
          name: 'memory',
          layout: { regions: regionsOf(runs), addressSpace: 'virtual', gaps: [] },
          content: () => contentOf(runs),
        };
      }
    } finally {
      for (const { bytes } of runs) for (const part of bytes) part.fill(0);
    }
    if (full || end >= MAX_TEXT_BYTES) yield { code: 'over-budget', detail: 'hex-memory.size' };
  },
});

function regionsOf(runs: readonly Run[]): readonly LayoutRegion[] {
  let at = 0;
  return runs.map(({ label, address, length }) => {
    const start = at;
    at += length + SPACING_BYTES;
    const kind = /stack/i.test(label) ? 'stack' : 'memory';
    return { kind, label, address, start, end: start + length };
  });
}

async function* contentOf(runs: readonly Run[]): AsyncGenerator<Uint8Array> {
  for (const { bytes, length } of runs) {
    const run = new Uint8Array(length + SPACING_BYTES);
    let at = 0;
    for (const part of bytes) {
      run.set(part, at);
      at += part.length;
    }
    yield run;
  }
}
