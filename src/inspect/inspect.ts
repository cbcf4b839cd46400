/**
 * What a file is, without searching it: format, process, threads, modules, regions with size and entropy, members of
 * containers as a tree. Reads headers and samples; what is inside containers is inflated up to a ceiling.
 */
import { shannonEntropy } from '../bytes/entropy.ts';
import type { Container } from '../model/container.ts';
import type { Gap, GapCode } from '../model/finding.ts';
import type { Layout, LayoutRegion } from '../model/format.ts';
import type { Input } from '../model/input.ts';
import { sanitizeLabel } from '../model/label.ts';
import type { RegionKind, Span } from '../model/place.ts';
import { HeldInput, MemberStream, sliceInput } from '../scan/member-input.ts';
import {
  gapOf,
  loadPlugins,
  type Plugins,
  type Recognised,
  readHead,
  readLayout,
  recognise,
  recogniseTail,
} from '../scan/open.ts';
import { formatAddress } from '../scan/place.ts';
import { DEFAULT_LIMITS, type Limits, Quota } from '../scan/quota.ts';
import { planSeams } from '../scan/seams.ts';

/** Lists are cut here; their `count` is that of all. */
const MAX_LISTED = 10_000;
/** Members of one container in the tree; the others are counted, and not looked into. */
const MAX_MEMBERS = 1000;
/** Regions whose entropy is sampled: each takes some reads. */
const MAX_SAMPLED = 2000;
const SAMPLE_BYTES = 4096;
const SAMPLES_PER_REGION = 8;
/** Seams reach as far as the widest detector. */
const REACH_BYTES = 65_536;

/** How much of a file's inside is looked at by default. */
export const INSPECT_LIMITS: Limits = { ...DEFAULT_LIMITS, maxInflatedBytes: 2 ** 31, maxContainerMs: 60_000 };

export type InspectedRegion = Span & {
  readonly kind: RegionKind;
  readonly label: string;
  /** `0x` and hex digits. */
  readonly address?: string;
  readonly thread?: number;
  /** Bits per byte of a sample. */
  readonly entropy?: number;
};

export type InspectedMember = {
  readonly name: string;
  readonly content: Inspection;
};

/** All of `count` things, or the first of them. */
export type Listed<T> = { readonly count: number; readonly listed: readonly T[] };

export type InspectedGap = {
  readonly code: GapCode;
  readonly name?: string;
  readonly span?: Span;
  readonly detail?: string;
};

/** Plain JSON; documented in docs/inspect.md. */
export type Inspection = {
  /** In bytes; absent where it is not known. */
  readonly size?: number;
  /** Id and title of what it is; none of the three for raw bytes. */
  readonly container?: { readonly id: string; readonly title: string };
  readonly format?: { readonly id: string; readonly title: string };
  /** Compressed, archived or encoded in a way that nothing here reads. */
  readonly unopened?: string;
  readonly addressSpace?: 'virtual' | 'physical';
  readonly process?: { readonly name?: string; readonly pid?: number };
  readonly facts?: readonly { readonly name: string; readonly value: string }[];
  readonly threads?: Listed<{
    readonly id: number;
    readonly name?: string;
    readonly crashed?: boolean;
    readonly stackPointer?: string;
    readonly instructionPointer?: string;
  }>;
  readonly modules?: Listed<{
    readonly name: string;
    readonly address: string;
    readonly size: number;
    readonly buildId?: string;
    readonly version?: string;
  }>;
  readonly regions?: Listed<InspectedRegion>;
  /** Bytes in regions of each kind; `file` is what no region covers. */
  readonly kinds?: { readonly [kind in RegionKind]?: number };
  /** Bytes per region are searched in file order; these are searched once more, joined. */
  readonly seams?: { readonly bytes: number };
  /** What a scan would not see. */
  readonly gaps: readonly InspectedGap[];
  readonly members?: Listed<InspectedMember>;
};

interface Env {
  readonly plugins: Plugins;
  readonly quota: Quota;
}

/** Throws SourceError when the input can't be read. */
export async function inspect(
  input: Input,
  options: { readonly limits?: Partial<Limits>; readonly signal?: AbortSignal; readonly plugins?: Plugins } = {},
): Promise<Inspection> {
  const plugins = options.plugins ?? (await loadPlugins());
  const signal = options.signal ?? new AbortController().signal;
  const limits = { ...INSPECT_LIMITS, ...options.limits };
  const quota = new Quota({ options: limits, signal, onProgress: () => undefined });
  return inspectArtifact(input, 0, undefined, { plugins, quota });
}

async function inspectArtifact(input: Input, depth: number, known: Layout | undefined, env: Env): Promise<Inspection> {
  if (!input.sequential) return describe(input, input, depth, known, env);
  const held = await HeldInput.hold(input, env.quota);
  try {
    // `await` keeps what is held until the description is complete.
    return await describe(held.input, held.isWhole ? held.input : held.followedBy(input), depth, known, env);
  } finally {
    held.wipe();
  }
}

/** @param head readable anywhere, as far as it goes; `content` is all of the artifact */
async function describe(
  head: Input,
  content: Input,
  depth: number,
  known: Layout | undefined,
  env: Env,
): Promise<Inspection> {
  const bytes = await readHead(head);
  const found = recognise(bytes, env.plugins);
  const unopened = found.unopened ?? (await recogniseTail(head));
  const what = { ...found, ...(unopened !== undefined && { unopened }) };
  bytes.fill(0);
  const { layout, gaps } = known
    ? { layout: known, gaps: known.gaps }
    : what.format
      ? await readLayout(what.format, head)
      : { layout: undefined, gaps: [] };
  const all: InspectedGap[] = gaps.map(({ code, span, detail }) => ({
    code,
    ...(span && { span }),
    ...(detail && { detail }),
  }));
  if (what.unopened) all.push({ code: 'not-opened', detail: what.unopened });
  const members = what.container ? await listMembers(what.container, content, depth, all, env) : undefined;
  return {
    ...(Number.isFinite(content.size) && { size: content.size }),
    ...describeKind(what),
    ...(layout && (await describeLayout(layout, head))),
    gaps: all,
    ...(members && { members }),
  };
}

function describeKind({ container, format, unopened }: Recognised): Partial<Inspection> {
  return {
    ...(container && { container: { id: container.id, title: container.title } }),
    ...(format && { format: { id: format.id, title: format.title } }),
    ...(unopened !== undefined && { unopened }),
  };
}

function list<T, U>(items: readonly T[] | undefined, map: (item: T) => U): Listed<U> | undefined {
  return items && { count: items.length, listed: items.slice(0, MAX_LISTED).map(map) };
}

async function describeLayout(layout: Layout, input: Input): Promise<Partial<Inspection>> {
  const { regions, process, facts, addressSpace } = layout;
  const kinds: { [kind in RegionKind]?: number } = {};
  let covered = 0;
  for (const { kind, start, end } of regions) {
    kinds[kind] = (kinds[kind] ?? 0) + end - start;
    covered += end - start;
  }
  if (Number.isFinite(input.size) && input.size > covered) kinds.file = (kinds.file ?? 0) + input.size - covered;
  const sampled: InspectedRegion[] = [];
  for (const [i, region] of regions.slice(0, MAX_LISTED).entries()) {
    const entropy = i < MAX_SAMPLED ? await sampleEntropy(input, region) : undefined;
    sampled.push({ ...describeRegion(region), ...(entropy !== undefined && { entropy }) });
  }
  const seams = planSeams(regions, REACH_BYTES);
  const seamBytes = seams.sources.reduce((sum, { start, end }) => sum + end - start, 0);
  const threads = list(layout.threads, (thread) => ({
    id: thread.id,
    ...(thread.name !== undefined && { name: sanitizeLabel(thread.name) }),
    ...(thread.crashed && { crashed: true }),
    ...(thread.stackPointer !== undefined && { stackPointer: formatAddress(thread.stackPointer) }),
    ...(thread.instructionPointer !== undefined && { instructionPointer: formatAddress(thread.instructionPointer) }),
  }));
  const modules = list(layout.modules, ({ name, address, size, buildId, version }) => ({
    name: sanitizeLabel(name),
    address: formatAddress(address),
    size: Number(size),
    ...(buildId !== undefined && { buildId }),
    ...(version !== undefined && { version: sanitizeLabel(version) }),
  }));
  return {
    ...(addressSpace && { addressSpace }),
    ...(process && {
      process: { ...process, ...(process.name !== undefined && { name: sanitizeLabel(process.name) }) },
    }),
    ...(facts && {
      facts: facts.map(({ name, value }) => ({ name: sanitizeLabel(name), value: sanitizeLabel(value) })),
    }),
    ...(threads && { threads }),
    ...(modules && { modules }),
    regions: { count: regions.length, listed: sampled },
    kinds,
    ...(seamBytes > 0 && { seams: { bytes: seamBytes } }),
  };
}

function describeRegion({ kind, label, start, end, address, thread }: LayoutRegion): InspectedRegion {
  return {
    kind,
    label: sanitizeLabel(label),
    start,
    end,
    ...(address !== undefined && { address: formatAddress(address) }),
    ...(thread !== undefined && { thread }),
  };
}

/** Of up to eight pages, spread evenly; two decimals. Undefined where nothing can be read. */
async function sampleEntropy(input: Input, { start, end }: Span): Promise<number | undefined> {
  const size = end - start;
  const pages = Math.min(SAMPLES_PER_REGION, Math.max(1, Math.floor(size / SAMPLE_BYTES)));
  const sample = new Uint8Array(Math.min(size, pages * SAMPLE_BYTES));
  const each = Math.floor(sample.length / pages);
  let read = 0;
  for (let i = 0; i < pages; i++) {
    const at = start + Math.floor((i * (size - each)) / Math.max(1, pages - 1));
    read += await input.read(sample.subarray(read, read + each), at);
  }
  const entropy = read > 0 ? Math.round(100 * shannonEntropy(sample, 0, read)) / 100 : undefined;
  sample.fill(0);
  return entropy;
}

/** The members, each with what it is; what the container can't give is added to `gaps`. */
async function listMembers(
  container: Container,
  input: Input,
  depth: number,
  gaps: InspectedGap[],
  env: Env,
): Promise<Listed<InspectedMember> | undefined> {
  if (depth >= env.quota.maxDepth) {
    gaps.push({ code: 'too-deep', detail: container.id });
    return undefined;
  }
  if (container.access === 'random' && input.sequential) {
    gaps.push({ code: 'not-opened', detail: container.id });
    return undefined;
  }
  const listed: InspectedMember[] = [];
  let count = 0;
  const report = ({ code, name, span, detail }: InspectedGap & Pick<Gap, 'detector'>): void => {
    if (gaps.length > MAX_LISTED) return;
    if (gaps.length === MAX_LISTED) gaps.push({ code: 'over-budget', detail: 'gaps' });
    else
      gaps.push({
        code,
        ...(name !== undefined && { name: sanitizeLabel(name) }),
        ...(span && { span }),
        ...(detail !== undefined && { detail }),
      });
  };
  try {
    for await (const item of container.open(input)) {
      const stop = (await env.quota.check()) ?? ('code' in item ? undefined : env.quota.takeMember());
      if (stop) {
        report(stop);
        break;
      }
      if ('code' in item) {
        report(item);
        continue;
      }
      if (++count > MAX_MEMBERS) continue;
      const { stored } = item;
      const isStored =
        stored && !input.sequential && stored.start >= 0 && stored.end <= input.size && stored.start <= stored.end;
      const stream = isStored ? undefined : new MemberStream(item.content(), env.quota, container.id);
      try {
        const content = await inspectArtifact(stream ?? sliceInput(input, stored!), depth + 1, item.layout, env);
        const size = content.size ?? item.size;
        listed.push({ name: sanitizeLabel(item.name), content: { ...content, ...(size !== undefined && { size }) } });
        if (stream?.stop) report({ ...stream.stop, name: item.name });
      } finally {
        await stream?.close();
      }
    }
  } catch (error) {
    report(gapOf(error, container.id));
  }
  return { count, listed };
}
