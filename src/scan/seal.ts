/**
 * The only maker of findings. Turns the canonical secret of a claim into a keyed digest, then wipes it: from here on
 * nothing holds the secret, so nothing has to be masked.
 */
import { toHex } from '../bytes/public-text.ts';
import { concat, latin1 } from '../bytes/reader.ts';
import type { Claim, Detector } from '../model/detector.ts';
import { type Finding, isLocked, type Place, SEVERITIES, type Severity } from '../model/finding.ts';
import type { KnownList } from '../model/known-list.ts';
import { hmac } from '../proof/hash.ts';
import { KNOWN_KEYS } from '../proof/known-keys.ts';
import { findKnownKey } from '../proof/known-lists.ts';
import type { PublicInventory } from '../proof/public-inventory.ts';

/**
 * @param key project key, 32 bytes: the same key gives the same fingerprints, so that runs can be compared
 * @param place where the claim lies, in offsets of the input
 * @param inventory names the keys that must not leak
 * @param lists published keys, besides our own
 */
export function seal(
  claim: Claim,
  detector: Pick<Detector, 'id' | 'severity'>,
  place: Omit<Place, 'detector' | 'form'>,
  key: Uint8Array,
  inventory?: PublicInventory,
  lists: readonly KnownList[] = [],
): Finding {
  const { secret } = claim;
  const { publicValueSha256, ...traits } = claim.traits;
  // Two algorithms may share the bytes of a secret (an Ed25519 seed used as X25519 scalar): they are different keys.
  const domain = latin1(`${traits.algorithm} ${traits.curve ?? ''} ${traits.protection ?? ''}\0`);
  const message = concat(domain, secret);
  const fingerprint = toHex(hmac('sha256', key, message)!);
  message.fill(0);
  secret.fill(0);
  const { publicKeySha256 } = traits;
  const known =
    traits.known ??
    KNOWN_KEYS.get(publicKeySha256 ?? '') ??
    findKnownKey(lists, { publicKeySha256, publicValueSha256 });
  const entry = inventory?.find(traits);
  const severity = claim.severity ?? detector.severity;
  return {
    detector: detector.id,
    severity: known ? 'info' : entry && !isLocked(traits) ? atLeastHigh(severity) : severity,
    verdict: known ? 'known' : claim.verdict,
    fingerprint,
    traits: {
      ...traits,
      ...(known && { known }),
      ...(entry && { inventory: entry.label }),
      ...(entry?.kid && { inventoryKid: entry.kid }),
    },
    places: [{ ...place, detector: detector.id, form: traits.form }],
  };
}

/** A key that was declared as one that must not leak is never a minor matter. */
function atLeastHigh(severity: Severity): Severity {
  return SEVERITIES.indexOf(severity) > SEVERITIES.indexOf('high') ? 'high' : severity;
}
