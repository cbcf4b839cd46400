/** All joins, in the order in which they run. */
import type { PublicInventory } from '../proof/public-inventory.ts';
import { createEcScalarsJoin } from './ec-scalars.ts';
import { createInventoryJoin } from './inventory.ts';
import type { Join } from './join.ts';
import { createJwkMembersJoin } from './jwk-members.ts';
import { createOkpSeedsJoin } from './okp-seeds.ts';
import { createRsaNumbersJoin } from './rsa-numbers.ts';

/** Made once per worker, for the keys of this scan. */
export function listJoins(inventory: PublicInventory): readonly Join[] {
  return [
    createJwkMembersJoin(),
    createRsaNumbersJoin(),
    createEcScalarsJoin(),
    createOkpSeedsJoin(),
    ...(inventory.size > 0 ? [createInventoryJoin(inventory)] : []),
  ];
}
