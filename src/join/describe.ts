/** What the joins are, for catalogues: those that every scan has, and the one for an inventory. */
import { createPublicInventory } from '../proof/public-inventory.ts';
import { listJoins } from './index.ts';
import { createInventoryJoin } from './inventory.ts';
import type { Join } from './join.ts';

export function describeJoins(): readonly Pick<Join, 'id' | 'title' | 'doc' | 'severity'>[] {
  const none = createPublicInventory([]);
  return [...uniqueById(listJoins(none, true).flat()), createInventoryJoin(none)];
}

/** The curves of one join are dealt out. */
function uniqueById(joins: readonly Join[]): readonly Join[] {
  return [...new Map(joins.map((join) => [join.id, join])).values()];
}
