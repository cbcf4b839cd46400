/** What a worker (or the main thread, for small inputs) needs to run tasks. Made once per worker. */
import { HARVESTERS } from '../join/harvest.ts';
import { listJoins } from '../join/index.ts';
import type { Join } from '../join/join.ts';
import { createKernel } from '../kernel/create.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { createPlan, type Plan } from '../kernel/plan.ts';
import { type Claim, type Detector, MAX_REACH_BYTES } from '../model/detector.ts';
import type { Finding } from '../model/finding.ts';
import type { Layout } from '../model/format.ts';
import type { Input } from '../model/input.ts';
import type { InventoryEntry, PublicKeyNumbers } from '../model/inventory.ts';
import type { KnownList } from '../model/known-list.ts';
import type { Encoding, Locator, Span, Step } from '../model/place.ts';
import type { PreparedRule } from '../model/rule.ts';
import { createPublicInventory, type PublicInventory } from '../proof/public-inventory.ts';
import type { RuleSearch } from '../rules/rule-search.ts';
import { loadPlugins, type Plugins } from './open.ts';
import { loadDetectors } from './packs.ts';
import { DEFAULT_LIMITS, type Limits } from './quota.ts';
import { soughtBy } from './rules.ts';

const PAGE = 4096;

/** Where numbers are combined: in dumps of memory and what could be one, everywhere, or nowhere. */
export type MemoryKeys = 'dumps' | 'all' | 'off';

/** Crosses the worker boundary once, as `workerData`. Plain but for the key, which crosses only here, and shared lists. */
export type ContextOptions = {
  /** URL of the pattern pack: a module whose default export is `Detector[]`. */
  readonly patternsUrl: string;
  /** URLs of further packs. */
  readonly packUrls: readonly string[];
  /** What a user looks for by regular expressions. */
  readonly rules: readonly PreparedRule[];
  /** Project key for fingerprints, 32 bytes; random per run when the user gives none. */
  readonly fingerprintKey: Uint8Array;
  readonly simd: 'auto' | 'relaxed' | 'plain' | 'off';
  /** Multiple of 4096. */
  readonly chunkBytes: number;
  /** Most leads one task may return; more is a gap `over-budget`. */
  readonly maxLeads: number;
  /** Most time, in ms, that proofs may take in one task; what is left then is a gap `over-budget`. */
  readonly maxVerifyMs: number;
  /** Most time, in ms of CPU where Node can tell them, that one join may take; what it has not tried then is a gap `over-budget`. */
  readonly maxJoinMs: number;
  /** Public keys that must not leak: their private halves are searched for, and named in findings. */
  readonly inventory: readonly InventoryEntry[];
  /** Lists of published keys: what they know is `known`. */
  readonly knownKeys: readonly KnownList[];
  /** Search for keys that lie in memory as bare numbers, too. */
  readonly memoryKeys: MemoryKeys;
} & Limits;

export const DEFAULT_CONTEXT = {
  packUrls: [],
  rules: [],
  simd: 'auto',
  chunkBytes: 1 << 20,
  maxLeads: 250_000,
  maxVerifyMs: 30_000,
  maxJoinMs: 120_000,
  inventory: [],
  knownKeys: [],
  memoryKeys: 'dumps',
  ...DEFAULT_LIMITS,
} as const satisfies Partial<ContextOptions>;

/** An exact part of a key that is known already. */
export interface KnownPart {
  readonly claim: Claim;
  /** In indexes of the window. */
  readonly span: Span;
  readonly encoding: Encoding;
}

/**
 * For whoever redacts an input: it must know the secrets that it removes. They stay in the thread that scans, which is
 * then the only one (`createRunner`).
 */
export interface RedactionHooks {
  /** Each sighting, with its secret in memory of the callee's own. */
  onSecret(finding: Finding, secret: Uint8Array, publicKey: PublicKeyNumbers | undefined): void;
  /** The layout of each artifact, perhaps more than once. */
  onLayout(trail: readonly Step[], layout: Layout): void;
  /** Searches `window` for parts of known keys that begin in `own`; bytes in `data` are valid. */
  findParts?(window: Uint8Array, own: Span, data: Span): Iterable<KnownPart>;
}

/** Hooks of whoever runs the tasks. */
export interface TaskHooks {
  open(locator: Locator): Promise<Input>;
  /** Called after each chunk with the bytes done since the last call: progress, and the watchdog's heartbeat. */
  onProgress(bytes: number): void;
  /** Aborts between chunks: what is left becomes a gap `interrupted`. */
  readonly signal: AbortSignal;
  readonly redaction?: RedactionHooks | undefined;
}

export interface Context extends TaskHooks {
  readonly options: ContextOptions;
  readonly detectors: readonly Detector[];
  /** They follow the detectors in the kernel's plan. */
  readonly rules: readonly RuleSearch[];
  readonly kernel: Kernel;
  readonly inventory: PublicInventory;
  /** In shares: see `JoinTask`. */
  readonly joins: readonly (readonly Join[])[];
  readonly plugins: Plugins;
}

/** Bytes around a chunk, whole pages: the widest reach, and never none, since text is compared with its neighbours. */
export function marginOf(plan: Plan): number {
  return Math.max(PAGE, Math.min(MAX_REACH_BYTES, Math.ceil(plan.reachBytes / PAGE) * PAGE));
}

/** The regular expressions' engine takes as long to load as a small dump to scan. */
async function prepareRules(rules: readonly PreparedRule[]): Promise<readonly RuleSearch[]> {
  if (rules.length === 0) return [];
  const { RuleSearch } = await import('../rules/rule-search.ts');
  return rules.map((rule) => new RuleSearch(rule));
}

/** Loads the pattern pack and compiles the kernel. Throws when the pack is broken (a usage error). */
export async function createContext(options: ContextOptions, hooks: TaskHooks): Promise<Context> {
  const [detectors, plugins] = await Promise.all([
    loadDetectors([options.patternsUrl, ...options.packUrls]),
    loadPlugins(),
  ]);
  const rules = await prepareRules(options.rules);
  const sought = [...detectors, ...options.rules.map(soughtBy)];
  // Numbers are combined with each other, or with the inventory's keys.
  const leads = options.memoryKeys !== 'off' || options.inventory.length > 0;
  const plan = createPlan(leads ? [...sought, ...HARVESTERS] : sought, { leads });
  const kernel = createKernel(plan, {
    chunkBytes: options.chunkBytes,
    marginBytes: marginOf(plan),
    simd: options.simd,
  });
  const inventory = createPublicInventory(options.inventory);
  const joins = listJoins(inventory, options.memoryKeys !== 'off');
  return { options, detectors, rules, kernel, inventory, joins, plugins, ...hooks };
}
