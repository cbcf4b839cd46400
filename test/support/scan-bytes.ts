/** Scans bytes in memory with the real engine: what contract tests run everything through. */

import { HARVESTERS } from '../../src/join/harvest.ts';
import { listJoins } from '../../src/join/index.ts';
import { createKernel } from '../../src/kernel/create.ts';
import type { KernelOptions } from '../../src/kernel/kernel.ts';
import { createPlan } from '../../src/kernel/plan.ts';
import type { Detector } from '../../src/model/detector.ts';
import type { Finding, Gap } from '../../src/model/finding.ts';
import type { InventoryEntry } from '../../src/model/inventory.ts';
import { unpackLeads } from '../../src/model/packed-leads.ts';
import type { PreparedRule } from '../../src/model/rule.ts';
import type { Lead, TaskResult } from '../../src/model/task.ts';
import { createPublicInventory } from '../../src/proof/public-inventory.ts';
import { RuleSearch } from '../../src/rules/rule-search.ts';
import { type Context, DEFAULT_CONTEXT, marginOf } from '../../src/scan/context.ts';
import { memoryInput } from '../../src/scan/memory-input.ts';
import type { Plugins } from '../../src/scan/open.ts';
import type { Limits } from '../../src/scan/quota.ts';
import { soughtBy } from '../../src/scan/rules.ts';
import { runTask } from '../../src/scan/run-task.ts';

export interface Scanner {
  scan(bytes: Uint8Array): Promise<TaskResult>;
  /** Scan, then join its leads. */
  scanAndJoin(bytes: Uint8Array): Promise<{ findings: Finding[]; gaps: Gap[]; leads: readonly Lead[] }>;
}

type ScannerOptions = Partial<Pick<KernelOptions, 'chunkBytes' | 'simd'>> & {
  readonly inventory?: readonly InventoryEntry[];
  /** None by default. */
  readonly plugins?: Partial<Plugins>;
  readonly limits?: Partial<Limits>;
  readonly rules?: readonly PreparedRule[];
  /** Path of what is scanned. */
  readonly label?: string;
};

export async function createScanner(
  detectors: readonly Detector[],
  {
    chunkBytes = 16_384,
    simd = 'auto',
    inventory = [],
    plugins = {},
    limits = {},
    rules = [],
    label = 'memory',
  }: ScannerOptions = {},
): Promise<Scanner> {
  const plan = createPlan([...detectors, ...rules.map(soughtBy), ...HARVESTERS], { leads: true });
  const kernel = createKernel(plan, { chunkBytes, marginBytes: marginOf(plan), simd });
  const publicInventory = createPublicInventory(inventory);
  const fingerprintKey = new Uint8Array(32).fill(7);
  const context = (bytes: Uint8Array): Context => ({
    options: { ...DEFAULT_CONTEXT, patternsUrl: '', fingerprintKey, chunkBytes, simd, inventory, ...limits },
    detectors,
    rules: rules.map((rule) => new RuleSearch(rule)),
    kernel,
    plugins: { formats: [], containers: [], ...plugins },
    inventory: publicInventory,
    joins: listJoins(publicInventory, true),
    open: async () => memoryInput(bytes),
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  const locator = { source: 'memory', id: 'memory', label };
  const scan = (bytes: Uint8Array): Promise<TaskResult> =>
    runTask({ kind: 'scan', id: 1, locator, trail: [] }, context(bytes));
  return {
    scan,
    async scanAndJoin(bytes) {
      const { findings, gaps, leads } = await scan(bytes);
      const joined = await runTask({ kind: 'join', id: 2, locator, trail: [], leads }, context(bytes));
      return {
        findings: [...findings, ...joined.findings],
        gaps: [...gaps, ...joined.gaps],
        leads: unpackLeads(leads),
      };
    },
  };
}
