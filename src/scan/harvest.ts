/** From hits to public keys and tokens: gives each harvester its view of a hit; what it takes is a lead. */
import type { Harvester } from '../join/harvest.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Plan } from '../kernel/plan.ts';
import type { Chunk } from './chunks.ts';
import type { LeadCollector } from './leads.ts';

interface Route {
  readonly harvester: Harvester;
  /** Index into the harvester's `anchors`. */
  readonly anchor: number;
}

/** By anchor, undefined for nearly all of them. Made once for a plan: an archive may have a million members. */
type Routes = readonly (readonly Route[] | undefined)[];
const routesOf = new WeakMap<Plan, Routes>();

function makeRoutes(plan: Plan, harvesters: readonly Harvester[], first: number): Routes {
  const routes = plan.anchors.map(({ targets }) => {
    const mine = targets
      .filter(({ detector }) => detector >= first)
      .map(({ detector, anchor }) => ({ harvester: harvesters[detector - first]!, anchor }));
    return mine.length > 0 ? mine : undefined;
  });
  routesOf.set(plan, routes);
  return routes;
}

export class HarvestStage {
  readonly #kernel: Kernel;
  readonly #routes: Routes;
  readonly #leads: LeadCollector;

  /** @param first index in the plan of the first harvester: they follow the detectors */
  constructor(kernel: Kernel, harvesters: readonly Harvester[], first: number, leads: LeadCollector) {
    this.#kernel = kernel;
    this.#leads = leads;
    this.#routes = routesOf.get(kernel.plan) ?? makeRoutes(kernel.plan, harvesters, first);
  }

  /** Handles one hit at index `at` of the window. */
  onHit(chunk: Chunk, anchor: number, at: number, length: number): void {
    const routes = this.#routes[anchor];
    if (!routes) return;
    for (const { harvester, anchor: index } of routes) {
      const start = Math.max(chunk.data.start, at - harvester.reach.before);
      const end = Math.min(chunk.data.end, at + harvester.reach.after);
      const bytes = this.#kernel.window.subarray(start, end);
      const span = harvester.parse({ bytes, at: at - start, anchor: index, length });
      if (!span) continue;
      this.#leads.onHarvest(harvester.kind, this.#kernel.window, chunk, start + span.start, span.end - span.start);
    }
  }
}
