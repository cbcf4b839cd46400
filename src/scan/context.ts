/** What a worker (or the main thread, for small inputs) needs to run tasks. Made once per worker. */
import { HARVESTERS } from '../join/harvest.ts';
import { listJoins } from '../join/index.ts';
import type { Join } from '../join/join.ts';
import { createKernel } from '../kernel/create.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { createPlan, type Plan } from '../kernel/plan.ts';
import { type Detector, MAX_REACH_BYTES } from '../model/detector.ts';
import type { Input } from '../model/input.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import type { Locator } from '../model/place.ts';
import { createPublicInventory, type PublicInventory } from '../proof/public-inventory.ts';

const PAGE = 4096;

/** Crosses the worker boundary once, as `workerData`. Plain but for the key, which crosses only here. */
export type ContextOptions = {
  /** URL of the pattern pack: a module whose default export is `Detector[]`. */
  readonly patternsUrl: string;
  /** Project key for fingerprints, 32 bytes; random per run when the user gives none. */
  readonly fingerprintKey: Uint8Array;
  readonly simd: 'auto' | 'relaxed' | 'plain' | 'off';
  /** Multiple of 4096. */
  readonly chunkBytes: number;
  /** Most leads one task may return; more is a gap `over-budget`. */
  readonly maxLeads: number;
  /** Most time, in ms, that proofs may take in one task; what is left then is a gap `over-budget`. */
  readonly maxVerifyMs: number;
  /** Public keys that must not leak: their private halves are searched for, and named in findings. */
  readonly inventory: readonly InventoryEntry[];
  /** Search for keys that lie in memory as bare numbers, too. */
  readonly memoryKeys: boolean;
};

export const DEFAULT_CONTEXT = {
  simd: 'auto',
  chunkBytes: 1 << 20,
  maxLeads: 200_000,
  maxVerifyMs: 30_000,
  inventory: [],
  memoryKeys: false,
} as const satisfies Partial<ContextOptions>;

/** Hooks of whoever runs the tasks. */
export interface TaskHooks {
  open(locator: Locator): Promise<Input>;
  /** Called after each chunk with the bytes done since the last call: progress, and the watchdog's heartbeat. */
  onProgress(bytes: number): void;
  /** Aborts between chunks: what is left becomes a gap `interrupted`. */
  readonly signal: AbortSignal;
}

export interface Context extends TaskHooks {
  readonly options: ContextOptions;
  readonly detectors: readonly Detector[];
  readonly kernel: Kernel;
  readonly inventory: PublicInventory;
  readonly joins: readonly Join[];
}

/** Bytes around a chunk, whole pages: the widest reach, and never none, since text is compared with its neighbours. */
export function marginOf(plan: Plan): number {
  return Math.max(PAGE, Math.min(MAX_REACH_BYTES, Math.ceil(plan.reachBytes / PAGE) * PAGE));
}

/** Loads the pattern pack and compiles the kernel. Throws when the pack is broken (a usage error). */
export async function createContext(options: ContextOptions, hooks: TaskHooks): Promise<Context> {
  const pack = (await import(options.patternsUrl)) as { default: readonly Detector[] };
  const detectors = pack.default;
  // Numbers are combined with each other, or with the inventory's keys.
  const leads = options.memoryKeys || options.inventory.length > 0;
  const plan = createPlan(leads ? [...detectors, ...HARVESTERS] : detectors, { leads });
  const kernel = createKernel(plan, {
    chunkBytes: options.chunkBytes,
    marginBytes: marginOf(plan),
    simd: options.simd,
  });
  const inventory = createPublicInventory(options.inventory);
  return { options, detectors, kernel, inventory, joins: listJoins(inventory, options.memoryKeys), ...hooks };
}
