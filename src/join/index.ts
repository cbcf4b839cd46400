/** All joins, in the order in which they run. */
import type { PublicInventory } from '../proof/public-inventory.ts';
import { createEcScalarsJoin } from './ec-scalars.ts';
import { createInventoryJoin } from './inventory.ts';
import type { Join } from './join.ts';
import { createJwkMembersJoin } from './jwk-members.ts';
import { createOkpSeedsJoin } from './okp-seeds.ts';
import { createOpenSshShieldedJoin } from './openssh-shielded.ts';
import { createRsaNumbersJoin } from './rsa-numbers.ts';

/**
 * Made once per worker, for the keys of this scan.
 * @param memoryKeys also those that combine bare numbers of memory, which take seconds for each dump
 */
export function listJoins(inventory: PublicInventory, memoryKeys: boolean): readonly Join[] {
  return [
    createJwkMembersJoin(),
    ...(memoryKeys
      ? [createRsaNumbersJoin(), createEcScalarsJoin(), createOkpSeedsJoin(), createOpenSshShieldedJoin()]
      : []),
    ...(inventory.size > 0 ? [createInventoryJoin(inventory)] : []),
  ];
}
