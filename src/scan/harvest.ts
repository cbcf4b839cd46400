/** From hits to public keys and tokens: gives each harvester its view of a hit; what it takes is a lead. */
import type { Harvester } from '../join/harvest.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Chunk } from './chunks.ts';
import type { LeadCollector } from './leads.ts';

export class HarvestStage {
  readonly #kernel: Kernel;
  readonly #harvesters: readonly Harvester[];
  readonly #first: number;
  readonly #leads: LeadCollector;

  /** @param first index in the plan of the first harvester: they follow the detectors */
  constructor(kernel: Kernel, harvesters: readonly Harvester[], first: number, leads: LeadCollector) {
    this.#kernel = kernel;
    this.#harvesters = harvesters;
    this.#first = first;
    this.#leads = leads;
  }

  /** Handles one hit at index `at` of the window. */
  onHit(chunk: Chunk, anchor: number, at: number, length: number): void {
    for (const target of this.#kernel.plan.anchors[anchor]!.targets) {
      const harvester = this.#harvesters[target.detector - this.#first];
      if (!harvester) continue;
      const start = Math.max(chunk.data.start, at - harvester.reach.before);
      const end = Math.min(chunk.data.end, at + harvester.reach.after);
      const bytes = this.#kernel.window.subarray(start, end);
      const span = harvester.parse({ bytes, at: at - start, anchor: target.anchor, length });
      if (!span) continue;
      this.#leads.onHarvest(harvester.kind, this.#kernel.window, chunk, start + span.start, span.end - span.start);
    }
  }
}
