/**
 * What lies at a place: region, address, thread, module, the object that owns it, the bytes around it with secrets
 * masked. The surroundings are scanned first, so that nothing that a detector or a join would take is shown.
 */

import { SourceError, UsageError } from '../model/errors.ts';
import type { Layout } from '../model/format.ts';
import type { Input } from '../model/input.ts';
import { sanitizeLabel } from '../model/label.ts';
import { unpackLeads } from '../model/packed-leads.ts';
import type { Region, Span, Step } from '../model/place.ts';
import { type Context, type ContextOptions, createContext } from '../scan/context.ts';
import { HeldInput, MemberStream, sliceInput } from '../scan/member-input.ts';
import { memoryInput } from '../scan/memory-input.ts';
import { readHead, readLayout, recognise } from '../scan/open.ts';
import { createPlacer, formatAddress, regionAt } from '../scan/place.ts';
import { Quota } from '../scan/quota.ts';
import { runTask } from '../scan/run-task.ts';
import { chooseShown } from './mask.ts';

const PAGE = 4096;
/** Scanned before and behind what is shown: as far as the widest detector reaches. */
const REACH_BYTES = 65_536;
export const MAX_AROUND_BYTES = 65_536;
/** Read of a long finding: what follows is not shown. */
const MAX_TARGET_BYTES = 1024 * 1024;
/** Rows of a finding that are listed at its beginning and at its end: all of them are masked. */
const TARGET_ROWS = 3;
const ROW_BYTES = 16;
/** Numbers begin or end up to this far from the run in which they are found. */
const SLACK_BYTES = 16;

export interface Target extends Span {
  readonly trail: readonly Step[];
}

export interface ExplainOptions {
  readonly aroundBytes: number;
  /** Offsets in the same artifact that a report names: never shown. */
  readonly secret: readonly Span[];
}

export interface ExplainedRow {
  readonly at: number;
  readonly address?: string;
  /** Two hex digits each; undefined where masked. */
  readonly hex: readonly (string | undefined)[];
  readonly text: string;
  /** Holds bytes of the target. */
  readonly isTarget: boolean;
}

export interface Explanation extends Span {
  readonly trail: readonly Step[];
  readonly format?: string;
  readonly region: Region;
  readonly address?: string;
  readonly addressSpace: 'virtual' | 'physical';
  readonly thread?: number;
  readonly process?: { readonly name?: string; readonly pid?: number };
  /** `libcrypto.so.3+0x1234`. */
  readonly module?: string;
  /** Outermost first. */
  readonly owner: readonly string[];
  readonly rows: readonly ExplainedRow[];
}

/** Loads detectors with the search for numbers on: for masking, every lead counts. */
export function createExplainContext(options: ContextOptions): Promise<Context> {
  return createContext(
    { ...options, memoryKeys: 'all' },
    {
      open: () => Promise.reject(new SourceError('unreadable', 'explain')),
      onProgress: () => undefined,
      signal: new AbortController().signal,
    },
  );
}

/** Throws UsageError when the target does not exist, and SourceError when the input can't be read. */
export async function explain(
  input: Input,
  target: Target,
  options: ExplainOptions,
  context: Context,
): Promise<Explanation> {
  return inMember(input, target, target.trail, options, { context, quota: new Quota(context) }, undefined);
}

interface Env {
  readonly context: Context;
  readonly quota: Quota;
}

/** Follows the rest of the trail from `input` on. */
async function inMember(
  input: Input,
  target: Target,
  trail: readonly Step[],
  options: ExplainOptions,
  env: Env,
  known: Layout | undefined,
): Promise<Explanation> {
  const held = input.sequential ? await HeldInput.hold(input, env.quota) : undefined;
  try {
    const anywhere = held ? held.input : input;
    const content = held && !held.isWhole ? held.followedBy(input) : anywhere;
    const [step, ...rest] = trail;
    if (!step) return await explainHere(anywhere, content, target, options, env.context, known);
    const head = await readHead(anywhere);
    const { container } = recognise(head, env.context.plugins);
    head.fill(0);
    if (!container || container.id !== step.container)
      throw new UsageError(`there is no ${step.container} where the trail says`);
    for await (const item of container.open(content)) {
      const stop = await env.quota.check();
      if (stop) throw new SourceError(stop.code, stop.detail ?? container.id);
      if ('code' in item) continue;
      if (sanitizeLabel(item.name) !== step.member) {
        continue;
      }
      const { stored } = item;
      const isStored = stored && !content.sequential && stored.end <= content.size;
      const stream = isStored ? undefined : new MemberStream(item.content(), env.quota, container.id);
      try {
        return await inMember(stream ?? sliceInput(content, stored!), target, rest, options, env, item.layout);
      } finally {
        await stream?.close();
      }
    }
    throw new UsageError(`the ${container.title} holds no member "${step.member}"`);
  } finally {
    held?.wipe();
  }
}

/** @param anywhere readable anywhere, as far as it goes; `content` is all of the artifact, perhaps front to back only */
async function explainHere(
  anywhere: Input,
  content: Input,
  target: Target,
  { aroundBytes, secret }: ExplainOptions,
  context: Context,
  known: Layout | undefined,
): Promise<Explanation> {
  const head = await readHead(anywhere);
  const { format } = recognise(head, context.plugins);
  head.fill(0);
  const layout = known ?? (format && (await readLayout(format, anywhere)).layout);
  const from = Math.max(0, Math.floor((target.start - aroundBytes - REACH_BYTES) / PAGE) * PAGE);
  const last = Math.min(target.end, target.start + MAX_TARGET_BYTES) + aroundBytes;
  const bytes = await readPart(content, from, last + REACH_BYTES - from);
  try {
    if (from + bytes.length <= target.start)
      throw new UsageError(`there is nothing at offset ${target.start}: the content is shorter`);
    const secrets = [...secret, ...(await findSecrets(bytes, from, context))];
    const shown = chooseShown(bytes, { base: from, secret: secrets, isAddress: createAddressTest(layout) });
    const placer = createPlacer(layout);
    const { region, address, thread } = placer.locate(target)!;
    const module = layout && address !== undefined ? moduleAt(layout, BigInt(address)) : undefined;
    return {
      start: target.start,
      end: target.end,
      trail: target.trail,
      ...(format && { format: format.id }),
      region: region!,
      ...(address !== undefined && { address }),
      addressSpace: layout?.addressSpace ?? 'virtual',
      ...(thread !== undefined && { thread }),
      ...(layout?.process && { process: layout.process }),
      ...(module !== undefined && { module }),
      owner: content.sequential ? [] : await describeOwner(layout, target.start),
      rows: listRows(bytes, shown, from, { start: Math.max(0, target.start - aroundBytes), end: last }, target, layout),
    };
  } finally {
    bytes.fill(0);
  }
}

/** Bytes from `start` on, less where the input ends; a stream is read up to there. */
async function readPart(input: Input, start: number, length: number): Promise<Uint8Array> {
  if (input.sequential) {
    const scratch = new Uint8Array(1024 * 1024);
    for (let at = 0; at < start; ) {
      const read = await input.read(scratch.subarray(0, Math.min(scratch.length, start - at)), at);
      if (read === 0) return new Uint8Array(0);
      at += read;
    }
    scratch.fill(0);
  }
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, await input.read(bytes, start));
}

/** Spans of everything that could be a secret or a part of one, in offsets of the artifact. */
async function findSecrets(bytes: Uint8Array, base: number, context: Context): Promise<Span[]> {
  const input = memoryInput(bytes);
  const locator = { source: 'memory', id: '', label: '' };
  // The bytes are searched as they are: what they would be when opened is another place.
  const raw: Context = { ...context, plugins: { formats: [], containers: [] }, open: async () => input };
  const { findings, leads } = await runTask({ kind: 'scan', id: 0, locator, trail: [] }, raw);
  const places = findings.flatMap((finding) => finding.places);
  return [...places, ...unpackLeads(leads)].map(({ start, end }) => ({
    start: base + start - SLACK_BYTES,
    end: base + end + SLACK_BYTES,
  }));
}

/** Whether a word is an address in the dump: pointers tell nothing. */
function createAddressTest(layout: Layout | undefined): (value: bigint) => boolean {
  const spans = (layout?.regions ?? []).flatMap(({ start, end, address }) =>
    address === undefined || address < 0x10000n ? [] : [{ from: address, to: address + BigInt(end - start) }],
  );
  spans.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  return (value) => {
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (spans[middle]!.from <= value) low = middle + 1;
      else high = middle;
    }
    const span = spans[low - 1];
    return span !== undefined && value < span.to;
  };
}

function moduleAt({ modules = [] }: Layout, address: bigint): string | undefined {
  const module = modules.find(
    (candidate) => address >= candidate.address && address < candidate.address + candidate.size,
  );
  if (!module) return undefined;
  const name = sanitizeLabel(module.name.split(/[\\/]/).at(-1) ?? module.name);
  return `${name}+${formatAddress(address - module.address)}`;
}

/** A format that fails here has said all it can. */
async function describeOwner(layout: Layout | undefined, at: number): Promise<readonly string[]> {
  try {
    return ((await layout?.describe?.(at)) ?? []).map(sanitizeLabel);
  } catch {
    return [];
  }
}

function listRows(
  bytes: Uint8Array,
  shown: Uint8Array,
  base: number,
  view: Span,
  target: Span,
  layout: Layout | undefined,
): ExplainedRow[] {
  const rows: ExplainedRow[] = [];
  const end = Math.min(view.end, base + bytes.length);
  for (let at = view.start - (view.start % ROW_BYTES); at < end; at += ROW_BYTES) {
    if (at > target.start + TARGET_ROWS * ROW_BYTES && at < target.end - TARGET_ROWS * ROW_BYTES) continue;
    const hex: (string | undefined)[] = [];
    let text = '';
    for (let i = at - base; i < Math.min(at + ROW_BYTES, base + bytes.length) - base; i++) {
      const byte = bytes[i]!;
      hex.push(shown[i] ? byte.toString(16).padStart(2, '0') : undefined);
      text += shown[i] ? (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.') : '·';
    }
    const region = layout && regionAt(layout.regions, at);
    const address =
      region?.address === undefined ? undefined : formatAddress(region.address + BigInt(at - region.start));
    rows.push({
      at,
      ...(address !== undefined && { address }),
      hex,
      text,
      isTarget: at < target.end && at + ROW_BYTES > target.start,
    });
  }
  return rows;
}
