/** `dumpsieve explain`: where an offset or a finding lies, what is around it, and how to go there in a debugger. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DEFAULT_PATTERNS_URL } from '../../src/api.ts';
import {
  createExplainContext,
  type ExplainedRow,
  type Explanation,
  explain,
  MAX_AROUND_BYTES,
  type Target,
} from '../../src/inspect/explain.ts';
import { SourceError, UsageError } from '../../src/model/errors.ts';
import type { Finding, Place } from '../../src/model/finding.ts';
import { sanitizeLabel } from '../../src/model/label.ts';
import type { Locator, Span, Step } from '../../src/model/place.ts';
import { formatBytes, formatOffset } from '../../src/report/units.ts';
import { describeGap, describeWhere } from '../../src/report/words.ts';
import { DEFAULT_CONTEXT } from '../../src/scan/context.ts';
import { createSources } from '../../src/sources/sources.ts';
import type { Invocation } from '../arguments.ts';
import { sizeOf } from '../config.ts';
import { readPatterns, warningsOf } from '../config-patterns.ts';
import { EXIT } from '../exit-codes.ts';
import { listOf, textOf } from '../option-values.ts';

/** Places of one finding that are shown. */
const MAX_PLACES = 8;
/** Bytes that the debugger commands print. */
const COMMAND_BYTES = 32;

type ExplainInvocation = Extract<Invocation, { command: 'explain' }>;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Throws UsageError. */
export async function runExplain({ file, what, options }: ExplainInvocation): Promise<number> {
  const aroundBytes = sizeOf(options, 'around');
  if (aroundBytes > MAX_AROUND_BYTES) throw new UsageError('--around must be at most 64K');
  const report = textOf(options, 'report');
  const findings = report === undefined ? undefined : readFindings(report);
  const places =
    findings &&
    placesIn(
      findings.flatMap((finding) => finding.places),
      file,
    );
  const patterns = await readPatterns(options, process.cwd());
  for (const line of warningsOf(patterns)) process.stderr.write(`dumpsieve: ${line}\n`);
  const context = await createExplainContext({
    ...DEFAULT_CONTEXT,
    patternsUrl: DEFAULT_PATTERNS_URL,
    packUrls: patterns.packUrls,
    rules: patterns.rules,
    fingerprintKey: crypto.getRandomValues(new Uint8Array(32)),
  });
  const sources = createSources();
  const listing = sources.list([file], { include: [], exclude: [], followSymlinks: false, signal: context.signal });
  const { value: locator } = await listing.next();
  if (!locator || 'code' in locator) throw new UsageError(`"${file}" can't be opened: name a file`);
  try {
    const targets = chooseTargets(what, findings, file) ?? [
      { ...parseOffset(what), trail: await trailOf(listOf(options, 'member'), file) },
    ];
    for (const target of targets.slice(0, MAX_PLACES)) {
      const input = await sources.open(locator);
      try {
        const secret = secretsAt(places ?? [], target.trail);
        describe(await explain(input, target, { aroundBytes, secret }, context), locator);
      } finally {
        await input.close();
      }
    }
    if (targets.length > MAX_PLACES) print(`\n… and ${targets.length - MAX_PLACES} more places`);
  } catch (error) {
    if (error instanceof SourceError)
      throw new UsageError(`"${file}" ${describeGap(error.code).means} (${error.detail})`);
    throw error;
  } finally {
    context.kernel.wipe();
  }
  return EXIT.clean;
}

function readFindings(path: string): readonly Finding[] {
  let report: unknown;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new UsageError(`--report: "${path}" is no JSON report that can be read`);
  }
  const findings = (report as { findings?: unknown } | null)?.findings;
  if (!Array.isArray(findings))
    throw new UsageError(`--report: "${path}" holds no findings: make it with --format json`);
  return findings as readonly Finding[];
}

/** Those in this file, by its label or, when it was scanned from elsewhere, by its name. */
function placesIn(places: readonly Place[], file: string): readonly Place[] {
  const exact = places.filter(({ input }) => input === sanitizeLabel(file));
  return exact.length > 0 ? exact : places.filter(({ input }) => basename(input) === basename(sanitizeLabel(file)));
}

const sameTrail = (a: readonly Step[], b: readonly Step[]): boolean => JSON.stringify(a) === JSON.stringify(b);

function secretsAt(places: readonly Place[], trail: readonly Step[]): Span[] {
  return places
    .filter((place) => sameTrail(place.trail ?? [], trail))
    .flatMap(({ start, end, pieces }) => pieces ?? [{ start, end }]);
}

/** The places of the finding that `what` names; undefined when it is an offset. */
function chooseTargets(what: string, findings: readonly Finding[] | undefined, file: string): Target[] | undefined {
  const index = /^#(\d+)$/.exec(what)?.[1];
  const isPrint = /^[0-9a-f]{8,64}$/.test(what) && findings !== undefined;
  if (index === undefined && !isPrint) return undefined;
  if (!findings) throw new UsageError('name the report that the finding is in: --report <file>');
  const chosen =
    index === undefined
      ? findings.filter(({ fingerprint }) => fingerprint.startsWith(what))
      : [findings[Number(index)]];
  const [finding] = chosen;
  if (!finding) {
    if (index === undefined && /^\d+$/.test(what)) return undefined;
    throw new UsageError(`the report holds no finding ${what}`);
  }
  if (chosen.length > 1) throw new UsageError(`${what} begins more than one fingerprint: give more digits`);
  const places = placesIn(finding.places, file);
  if (places.length === 0) throw new UsageError(`finding ${what} does not lie in "${file}"`);
  return places.map(({ start, end, trail = [] }) => ({ start, end, trail }));
}

function parseOffset(what: string): Span {
  const start = /^(0x[0-9a-f]{1,13}|\d{1,15})$/i.test(what) ? Number(what) : Number.NaN;
  if (Number.isNaN(start)) throw new UsageError(`"${what}" is no offset (8000, 0x1f40), #index or fingerprint`);
  return { start, end: start + 1 };
}

/** Names of members to a trail: the containers are what each turns out to be. */
async function trailOf(names: readonly string[], file: string): Promise<Step[]> {
  if (names.length === 0) return [];
  const { inspect } = await import('../../src/inspect/inspect.ts');
  const { openFile } = await import('../../src/sources/file-input.ts');
  const input = openFile(file);
  try {
    let here = await inspect(input);
    const trail: Step[] = [];
    for (const name of names) {
      const member = here.members?.listed.find((candidate) => candidate.name === sanitizeLabel(name));
      if (!member || !here.container)
        throw new UsageError(`there is no member "${name}"; "dumpsieve inspect" lists them`);
      trail.push({ container: here.container.id, member: member.name });
      here = member.content;
    }
    return trail;
  } finally {
    await input.close();
  }
}

function describe(explanation: Explanation, { source, label }: Locator): void {
  const { start, end, trail, format, region, address, thread, process, module, owner, rows } = explanation;
  const row = (name: string, value: string | undefined): void => {
    if (value) print(`  ${name.padEnd(10)}${value}`);
  };
  const length = end - start > 1 ? `, ${formatBytes(end - start)}` : '';
  print(`\n${describeWhere({ input: label, trail })}  ${formatOffset(start)}${length}`);
  row('format', format);
  row(
    'process',
    process && [process.name, process.pid !== undefined && `pid ${process.pid}`].filter(Boolean).join(', '),
  );
  row('region', region.kind === 'raw' ? 'raw bytes: the format is not known' : `${region.kind} ${region.label}`.trim());
  row('address', address && `${address}${explanation.addressSpace === 'physical' ? ' (physical)' : ''}`);
  row('thread', thread === undefined ? undefined : String(thread));
  row('module', module);
  row('owner', owner.join(' › '));
  print('');
  for (const [i, line] of rows.entries()) {
    if (i > 0 && line.at > rows[i - 1]!.at + line.hex.length) print('  …');
    print(describeRow(line));
  }
  print('');
  for (const [name, command] of debuggerCommands(explanation, source === 'stdin' ? undefined : label))
    row(name, command);
}

const describeRow = ({ at, address, hex, text, isTarget }: ExplainedRow): string => {
  const bytes = hex.map((byte) => byte ?? '··').join(' ');
  const where = address ?? `0x${at.toString(16)}`;
  return `${isTarget ? '>' : ' '} ${where.padEnd(18)}  ${bytes.padEnd(47)}  ${text}`;
};

/** Debuggers that open a format, and have virtual addresses then. Nothing opens what is not listed. */
const DEBUGGERS: Readonly<Record<string, readonly string[]>> = {
  'elf-core': ['gdb', 'lldb'],
  'macho-core': ['lldb'],
  minidump: ['lldb', 'WinDbg'],
  'windows-kernel': ['WinDbg'],
};

/** Commands that print the bytes at the place. They show what this program masks. */
function debuggerCommands(explanation: Explanation, path: string | undefined): [string, string][] {
  const { start, trail, format = '', address, addressSpace } = explanation;
  const size = COMMAND_BYTES;
  if (address !== undefined && addressSpace === 'physical') {
    return format === 'windows-kernel'
      ? [['WinDbg', `!db ${address} L${size.toString(16)}`]]
      : [['crash', `rd -p -8 ${address} ${size}`]];
  }
  const commands: Readonly<Record<string, string>> = {
    gdb: `x/${size}xb ${address}`,
    lldb: `memory read --size 1 --format x --count ${size} ${address}`,
    WinDbg: `db ${address} L0x${size.toString(16)}`,
  };
  const debuggers = address === undefined ? undefined : DEBUGGERS[format];
  if (debuggers) return debuggers.map((name) => [name, commands[name]!]);
  if (trail.length > 0 || path === undefined) return [];
  return [['xxd', `xxd -s ${start} -l ${size} -- '${path.replaceAll("'", "'\\''")}'`]];
}
