/** `dumpsieve inspect`: what files are, and what a scan would and would not see of them. */
import { type Inspection, inspect } from '../../src/inspect/inspect.ts';
import { SourceError, UsageError } from '../../src/model/errors.ts';
import { sanitizeLabel } from '../../src/model/label.ts';
import { count, formatBytes } from '../../src/report/units.ts';
import { describeGap } from '../../src/report/words.ts';
import { createSources } from '../../src/sources/sources.ts';
import { parseLimits } from '../config.ts';
import { EXIT } from '../exit-codes.ts';
import { isSet, type Options } from '../option-values.ts';

/** Changes when a reader of the old form would go wrong. */
const INSPECT_SCHEMA = 'dumpsieve-inspect/1';
/** Rows of one list in the text; `--json` has more. */
const MAX_ROWS = 40;
/** Members in the text, on all levels. */
const MAX_MEMBER_ROWS = 200;

/** Throws UsageError. */
export async function runInspect(paths: readonly string[], options: Options): Promise<number> {
  const limits = parseLimits(options);
  const sources = createSources();
  const files: ({ readonly input: string } & Inspection)[] = [];
  let failed = false;
  const signal = new AbortController().signal;
  for await (const item of sources.list(paths, { include: [], exclude: [], followSymlinks: false, signal })) {
    if ('code' in item) {
      files.push({ input: item.input, gaps: [{ code: item.code, ...(item.detail && { detail: item.detail }) }] });
      failed = true;
      continue;
    }
    try {
      const input = await sources.open(item);
      try {
        files.push({ input: item.label, ...(await inspect(input, { limits, signal })) });
      } finally {
        await input.close();
      }
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      files.push({ input: item.label, gaps: [{ code: error.code, detail: error.detail }] });
      failed = true;
    }
  }
  if (files.length === 0) throw new UsageError('nothing to inspect: no file was found');
  if (isSet(options, 'json')) process.stdout.write(`${JSON.stringify({ schema: INSPECT_SCHEMA, files }, null, 2)}\n`);
  else {
    for (const { input, ...inspection } of files) {
      for (const line of describeFile(input, inspection)) process.stdout.write(`${line}\n`);
    }
  }
  return failed ? EXIT.incomplete : EXIT.clean;
}

function titleOf({ container, format, unopened, size }: Inspection): string {
  const what = [container?.title, format?.title].filter((title) => title !== undefined).join(', ');
  const name = what || (unopened === undefined ? 'raw bytes, no known format' : `${unopened}, which is not opened`);
  return `${name}${size === undefined ? '' : `, ${formatBytes(size)}`}`;
}

interface Rows {
  left: number;
}

function* describeFile(
  name: string,
  inspection: Inspection,
  indent = '',
  rows: Rows = { left: MAX_MEMBER_ROWS },
): Generator<string> {
  yield `${indent}${name || '(content)'}: ${titleOf(inspection)}`;
  const inner = `${indent}  `;
  for (const line of describeLayout(inspection)) yield `${inner}${line}`;
  for (const { code, name: member, detail } of inspection.gaps.slice(0, MAX_ROWS)) {
    const about = [member && sanitizeLabel(member), detail].filter(Boolean).join(', ');
    yield `${inner}gap ${code}${about ? ` (${about})` : ''}: ${describeGap(code).means}`;
  }
  yield* more(inspection.gaps.length, inner, 'gap');
  const { members } = inspection;
  if (!members) return;
  yield `${inner}${count(members.count, 'member')}`;
  for (const [i, { name: member, content }] of members.listed.entries()) {
    if (rows.left-- <= 0) {
      yield `${inner}… and ${count(members.listed.length - i, 'more member')} (--json)`;
      break;
    }
    yield* describeFile(member, content, inner, rows);
  }
  const unseen = members.count - members.listed.length;
  if (unseen > 0)
    yield `${inner}${count(unseen, 'member')} not looked into: only the first ${members.listed.length.toLocaleString('en-US')} of an archive are`;
}

function* more(total: number, indent: string, noun: string): Generator<string> {
  if (total > MAX_ROWS) yield `${indent}… and ${count(total - MAX_ROWS, `more ${noun}`)} (--json)`;
}

const column = (text: string, width: number): string => text.padEnd(width);

function* describeLayout({
  process,
  facts,
  threads,
  modules,
  regions,
  kinds,
  seams,
  addressSpace,
}: Inspection): Generator<string> {
  if (process) {
    const pid = process.pid === undefined ? '' : ` (pid ${process.pid})`;
    yield `process  ${process.name ?? 'unknown'}${pid}`;
  }
  for (const { name, value } of facts ?? []) yield `${name}  ${value}`;
  if (threads) {
    yield count(threads.count, 'thread');
    for (const { id, name, crashed, stackPointer, instructionPointer } of threads.listed.slice(0, MAX_ROWS)) {
      const parts = [
        name,
        crashed && 'crashed',
        stackPointer && `sp ${stackPointer}`,
        instructionPointer && `ip ${instructionPointer}`,
      ];
      yield `  ${id}  ${parts.filter(Boolean).join(', ')}`;
    }
    yield* more(threads.count, '  ', 'thread');
  }
  if (modules) {
    yield count(modules.count, 'module');
    for (const { name, address, size, buildId } of modules.listed.slice(0, MAX_ROWS)) {
      yield `  ${column(address, 18)}  ${column(formatBytes(size), 9)}  ${name}${buildId ? `  ${buildId}` : ''}`;
    }
    yield* more(modules.count, '  ', 'module');
  }
  if (!regions || !kinds) return;
  const sums = Object.entries(kinds).map(([kind, bytes]) => `${kind} ${formatBytes(bytes)}`);
  yield `${count(regions.count, 'region')}${addressSpace === 'physical' ? ' of physical memory' : ''}: ${sums.join(', ')}`;
  for (const { start, end, address, kind, label, entropy } of regions.listed.slice(0, MAX_ROWS)) {
    const bits = entropy === undefined ? '' : `${entropy.toFixed(2)} bits/byte`;
    const where = `0x${start.toString(16)}`;
    yield `  ${column(where, 12)}  ${column(formatBytes(end - start), 9)}  ${column(address ?? '', 18)}  ${column(bits, 14)}  ${kind} ${label}`.trimEnd();
  }
  yield* more(regions.count, '  ', 'region');
  yield `a scan searches every byte${seams ? `, and ${formatBytes(seams.bytes)} once more where memory is stored apart` : ''}`;
}
