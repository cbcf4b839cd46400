/** What a proof gives: everything of a claim but its place and form. */
import type { Claim } from '../model/detector.ts';
import type { Traits } from '../model/finding.ts';
import type { PublicKeyNumbers } from '../model/inventory.ts';

export type KeyTraits = Omit<Traits, 'form'>;

export interface ProvenKey {
  readonly verdict: Claim['verdict'];
  readonly traits: KeyTraits;
  /** Canonical secret as `Claim.secret` defines it, in memory of its own. */
  readonly secret: Uint8Array;
  /** As `Claim.publicKey`. */
  readonly publicKey?: PublicKeyNumbers;
}
