/**
 * Searches one artifact, an input or a member of a container in it: opens it if it is a container, searches its bytes in
 * file order whatever it claims to be, then the seams of its layout, and joins its leads where nobody else can. The
 * kernel's window belongs to one of these at a time: members come before the bytes around them.
 */
import type { Turn } from '../join/turned-words.ts';
import type { Container } from '../model/container.ts';
import type { Gap } from '../model/finding.ts';
import type { Layout } from '../model/format.ts';
import type { Input } from '../model/input.ts';
import type { Locator, Span } from '../model/place.ts';
import type { JoinTask } from '../model/task.ts';
import type { Context, ContextOptions } from './context.ts';
import { LeadCollector } from './leads.ts';
import { HeldInput } from './member-input.ts';
import { scanMembers } from './members.ts';
import { couldBeMemory } from './memory.ts';
import { type Recognised, readHead, readLayout, recognise, recogniseTail } from './open.ts';
import { createPlacer, regionAt } from './place.ts';
import type { Quota } from './quota.ts';
import type { TaskRun } from './run-task.ts';
import { NO_SEAMS, planSeams, type Seams } from './seams.ts';
import { searchSpan } from './search.ts';
import { createTap } from './tap.ts';
import { turnedWordsIn, type Words, wordsIn, wordsOf } from './words.ts';

/** Stored members shorter than this are read again with the bytes around them, and what is found there is dropped. */
const MIN_SKIPPED_BYTES = 1024 * 1024;

export interface Artifact {
  readonly input: Input;
  /** Containers around it. */
  readonly depth: number;
  /** What its container knows about it. */
  readonly layout?: Layout | undefined;
  /** The part of it that is this task's: ranges of one input partition it. */
  readonly range?: Span | undefined;
  /** It can be opened again by its locator: its leads are joined by a task of their own. */
  readonly isReopened: boolean;
  /** Of an input: its layout is then read once for all its tasks of this worker. */
  readonly locator?: Locator | undefined;
}

export interface ScanEnv {
  readonly context: Context;
  readonly quota: Quota;
}

/** Throws SourceError when the artifact can't be read. */
export async function scanArtifact(run: TaskRun, artifact: Artifact, env: ScanEnv): Promise<void> {
  if (!artifact.input.sequential) return scanSeekable(run, artifact, env);
  const input = run.countReads(artifact.input);
  const held = await HeldInput.hold(input, env.quota);
  try {
    if (held.isWhole) await scanSeekable(run, { ...artifact, input: held.input }, env);
    else await scanStream(run, { ...artifact, input }, held, env);
  } finally {
    held.wipe();
  }
}

interface Opened extends Recognised {
  /** As far as its first bytes tell. */
  readonly words: Words;
  /** Bare numbers in it are worth combining. */
  readonly isMemory: boolean;
}

async function openHead(input: Input, context: Context): Promise<Opened> {
  const head = await readHead(input);
  try {
    const recognised = recognise(head, context.plugins);
    const isMemory = recognised.format !== undefined || (!recognised.container && couldBeMemory(head));
    return { ...recognised, isMemory, words: wordsOf(head) };
  } finally {
    head.fill(0);
  }
}

/** Numbers and keys of HMAC are collected where they may be keys; for the inventory everywhere. */
function wantedLeads(
  { isMemory }: Opened,
  layout: Layout | undefined,
  { memoryKeys, inventory }: ContextOptions,
): { readonly numbers: boolean; readonly textKeys: boolean } {
  const wanted = memoryKeys === 'all' || (memoryKeys === 'dumps' && (isMemory || layout !== undefined));
  return { numbers: wanted || inventory.length > 0, textKeys: wanted };
}

/** Where things are in an artifact. */
interface Places {
  readonly layout?: Layout;
  readonly words: Words;
  readonly turnedWords: readonly Turn[];
  readonly seams: Seams;
  readonly gaps: readonly Omit<Gap, 'input'>[];
}

/** The layout and its seams; `known` comes from the container. */
async function readPlaces(
  { format, words }: Opened,
  input: Input,
  known: Layout | undefined,
  { kernel }: Context,
): Promise<Places> {
  const { layout, gaps } = known
    ? { layout: known, gaps: known.gaps }
    : format
      ? await readLayout(format, input)
      : { layout: undefined, gaps: [] };
  if (!layout) return { seams: NO_SEAMS, words, turnedWords: [], gaps };
  const seams = planSeams(layout.regions, kernel.marginBytes);
  return {
    layout,
    seams,
    words: typeof words.phases === 'string' ? words : wordsIn(layout),
    turnedWords: turnedWordsIn(layout),
    gaps: seams.overBudget ? [...gaps, { code: 'over-budget', detail: 'seams' }] : gaps,
  };
}

/** Of each worker the places of the last input: its ranges follow each other. */
const lastPlaces = new WeakMap<Context, { readonly key: string; readonly places: Places }>();

async function readPlacesOnce(opened: Opened, { input, locator, layout }: Artifact, context: Context): Promise<Places> {
  if (!locator?.version) return readPlaces(opened, input, layout, context);
  const key = JSON.stringify([locator.source, locator.id, locator.version]);
  const last = lastPlaces.get(context);
  if (last?.key === key) return last.places;
  const places = await readPlaces(opened, input, layout, context);
  lastPlaces.set(context, { key, places });
  return places;
}

/** The input of a join as its scan saw it, seams included. */
export async function reopenArtifact(
  run: TaskRun,
  { locator }: JoinTask,
  input: Input,
  context: Context,
): Promise<Input> {
  if (input.sequential) return input;
  const opened = await openHead(input, context);
  const { layout, seams, turnedWords } = await readPlacesOnce(
    opened,
    { input, depth: 0, isReopened: true, locator },
    context,
  );
  run.placer = createPlacer(layout, seams);
  run.turnedWords = turnedWords;
  return seams.extend(input);
}

async function scanSeekable(run: TaskRun, artifact: Artifact, env: ScanEnv): Promise<void> {
  const { depth, range, isReopened } = artifact;
  const opened = await openHead(artifact.input, env.context);
  const { options } = env.context;
  const { container } = opened;
  const input = container ? run.countReads(artifact.input) : artifact.input;
  const isFirst = !range || range.start === 0;
  // The first range's task opens the container and searches all that is around its members.
  if (container && !isFirst) return;
  const unopened = isFirst ? (opened.unopened ?? (await recogniseTail(artifact.input))) : undefined;
  if (unopened) run.gap('not-opened', { detail: unopened });
  if (isFirst) run.reserveOutline();
  const stored = container ? await openContainer(run, container, input, depth, env) : [];
  const whole = { start: 0, end: input.size };
  const own = container ? whole : (range ?? whole);
  const { layout, seams, words, turnedWords, gaps } = await readPlacesOnce(opened, artifact, env.context);
  if (isFirst) {
    for (const { code, ...more } of gaps) run.gap(code, more);
    run.outline(layout, input.size, opened.format?.id ?? container?.id);
  }
  run.placer = createPlacer(layout, seams);
  run.turnedWords = turnedWords;
  run.tellLayout(layout);
  const isNew = ({ start, end }: Span): boolean => {
    const member = regionAt(stored, start);
    return !member || end > member.end;
  };
  const leads = new LeadCollector(options.maxLeads, { hold: false, ...wantedLeads(opened, layout, options), isNew });
  for (const span of spansBetween(stored, own)) {
    if (!(await search(run, input, span, leads, words, env, isNew))) return;
  }
  const extended = seams.extend(input);
  if (own.end === input.size) await searchSeams(run, extended, seams, leads, words, env);
  if (leads.overflowed) run.gap('over-budget', { detail: 'leads' });
  if (isReopened) run.leads = leads.leads;
  else await run.joinMember(leads.leads, leads.overflowed, extended);
}

/** The spans of `own` that the long ones of `stored` leave. */
function* spansBetween(stored: readonly Span[], own: Span): Generator<Span> {
  let start = own.start;
  for (const span of stored) {
    if (span.end - span.start < MIN_SKIPPED_BYTES || span.start < start) continue;
    if (span.start > start) yield { start, end: span.start };
    start = span.end;
  }
  if (start < own.end || own.start === own.end) yield { start, end: own.end };
}

/** Searches the members; returns the spans of those that lie in the container's own bytes, sorted and apart. */
async function openContainer(
  run: TaskRun,
  container: Container,
  input: Input,
  depth: number,
  env: ScanEnv,
): Promise<readonly Span[]> {
  if (depth >= env.quota.maxDepth) {
    run.gap('too-deep', { detail: container.id });
    return [];
  }
  const spans = await scanMembers(run, container, input, depth, env, scanArtifact);
  let end = 0;
  return spans
    .sort((a, b) => a.start - b.start)
    .filter((span) => {
      const isApart = span.start >= end;
      if (isApart) end = span.end;
      return isApart;
    });
}

/** Returns false when the scan was aborted. */
async function search(
  run: TaskRun,
  input: Input,
  span: Span,
  leads: LeadCollector,
  words: Words,
  { context }: ScanEnv,
  isNew: (span: Span) => boolean = () => true,
): Promise<boolean> {
  const { reached, aborted } = await searchSpan(context, input, span, leads, words, {
    path: run.path,
    onClaim: (claim, detector, at, encoding) => {
      if (isNew(at)) run.seal(claim, detector, at, encoding);
      else claim.secret.fill(0);
    },
    onFailure: (code, detector, at) => run.gap(code, { detector: detector.id, span: at }),
    onBytes: (bytes) => run.onBytes(bytes),
    onStats: (stats) => run.addStats(stats),
  });
  if (reached < span.end && aborted) run.gap('interrupted', { span: { start: reached, end: span.end } });
  else if (reached < span.end && Number.isFinite(input.size)) {
    run.gap('truncated', { span: { start: reached, end: span.end } });
  }
  return !aborted;
}

async function searchSeams(
  run: TaskRun,
  input: Input,
  { span, piecesOf }: Seams,
  leads: LeadCollector,
  { phases }: Words,
  { context }: ScanEnv,
): Promise<void> {
  if (span.start === span.end) return;
  const isNew = (at: Span): boolean => piecesOf(at).length > 1;
  leads.isNew = isNew;
  // A seam begins where a word does.
  const words = { phases, shifts: [] };
  await searchSpan(context, input, span, leads, words, {
    path: run.path,
    // What crosses no seam was found in file order.
    onClaim: (claim, detector, at, encoding) => {
      if (isNew(at)) run.seal(claim, detector, at, encoding);
      else claim.secret.fill(0);
    },
    onFailure: (code, detector) => run.gap(code, { detector: detector.id }),
    onBytes: () => context.onProgress(0),
    onStats: ({ hits, candidates, claims }) => run.addStats({ bytes: 0, zeroBytes: 0, hits, candidates, claims }),
  });
}

/** What is too large to be held: its beginning tells what it is, the rest passes once. */
async function scanStream(run: TaskRun, artifact: Artifact, held: HeldInput, env: ScanEnv): Promise<void> {
  const { input, depth } = artifact;
  const { context, quota } = env;
  const { options } = context;
  const opened = await openHead(held.input, context);
  const { container, unopened } = opened;
  const stream = held.followedBy(input);
  const leads = new LeadCollector(options.maxLeads, { hold: true, ...wantedLeads(opened, artifact.layout, options) });
  const everything = { start: 0, end: Number.POSITIVE_INFINITY };
  run.reserveOutline();
  try {
    if (container?.access === 'sequential' && depth < quota.maxDepth) {
      run.outline(undefined, stream.size, container.id);
      await scanMembers(run, container, stream, depth, env, scanArtifact);
      // What the container left: padding, bytes behind its end, or all that follows a damage.
      const from = stream.position;
      run.placer = createPlacer(undefined);
      run.origin = from;
      await search(
        run,
        { ...stream, read: (into, at) => stream.read(into, at + from) },
        everything,
        leads,
        opened.words,
        env,
      );
    } else {
      if (container && depth >= quota.maxDepth) run.gap('too-deep', { detail: container.id });
      else if (container ?? unopened) run.gap('not-opened', { detail: container?.id ?? unopened! });
      const { layout, seams, words, turnedWords, gaps } = await readPlaces(
        opened,
        held.input,
        artifact.layout,
        context,
      );
      run.outline(layout, stream.size, opened.format?.id);
      // A table at the end of a stream names no places, and may tell of seams.
      for (const { code, ...more } of gaps) run.gap(code === 'truncated' ? 'not-seekable' : code, more);
      run.placer = createPlacer(layout, seams);
      run.turnedWords = turnedWords;
      run.tellLayout(layout);
      const tap = createTap(stream, seams.sources);
      try {
        if (!(await search(run, tap.stream, everything, leads, words, env))) return;
        if (tap.overflowed) run.gap('over-budget', { detail: 'seams' });
        await searchSeams(run, seams.extend(tap.input), seams, leads, words, env);
      } finally {
        tap.wipe();
      }
    }
    if (leads.overflowed) run.gap('over-budget', { detail: 'leads' });
    // A stream can't be read again: the bytes of its leads were held, and are joined here and now.
    await run.joinHeld(leads.held, leads.overflowed);
  } finally {
    leads.wipe();
  }
}
