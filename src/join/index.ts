/** All joins, in shares that take about the same time: threads work on one artifact together. */
import { JOIN_SHARES } from '../model/task.ts';
import type { PublicInventory } from '../proof/public-inventory.ts';
import { createDsaNumbersJoin } from './dsa-numbers.ts';
import { createEcScalarsJoin } from './ec-scalars.ts';
import { createHmacKeysJoin } from './hmac-keys.ts';
import { createInventoryJoin } from './inventory.ts';
import type { Join } from './join.ts';
import { createJwkMembersJoin } from './jwk-members.ts';
import { createLatticeKeysJoin } from './lattice-keys.ts';
import { createOkpSeedsJoin } from './okp-seeds.ts';
import { createOpenSshShieldedJoin } from './openssh-shielded.ts';
import { createRsaNumbersJoin } from './rsa-numbers.ts';

/**
 * Made once per worker, for the keys of this scan: `JOIN_SHARES` lists, each in the order in which its joins run.
 * @param memoryKeys also those that combine bare numbers of memory
 */
export function listJoins(inventory: PublicInventory, memoryKeys: boolean): readonly (readonly Join[])[] {
  const always = [createJwkMembersJoin(), ...(inventory.size > 0 ? [createInventoryJoin(inventory)] : [])];
  const shares: Join[][] = memoryKeys
    ? [
        // The longest first: two threads are done at about the same time.
        [createRsaNumbersJoin()],
        [createOkpSeedsJoin(), createHmacKeysJoin(), ...always],
        [
          createEcScalarsJoin({ curves: ['P-256', 'secp256k1', 'brainpoolP256r1', 'SM2'] }),
          createOpenSshShieldedJoin(),
        ],
        [
          createEcScalarsJoin({ curves: ['P-384', 'P-521', 'brainpoolP384r1', 'brainpoolP512r1'] }),
          createDsaNumbersJoin(),
          createLatticeKeysJoin(),
        ],
      ]
    : [always];
  return Array.from({ length: JOIN_SHARES }, (_, share) => shares[share] ?? []);
}
