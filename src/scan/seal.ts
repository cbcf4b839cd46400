/**
 * The only maker of findings. Turns the canonical secret of a claim into a keyed digest, then wipes it: from here on
 * nothing holds the secret, so nothing has to be masked.
 */
import { concat, latin1 } from '../bytes/reader.ts';
import type { Claim, Detector } from '../model/detector.ts';
import type { Finding, Place } from '../model/finding.ts';
import { hmac } from '../proof/hash.ts';
import { KNOWN_KEYS } from '../proof/known-keys.ts';

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * @param key project key, 32 bytes: the same key gives the same fingerprints, so that runs can be compared
 * @param place where the claim lies, in offsets of the input
 */
export function seal(
  claim: Claim,
  detector: Pick<Detector, 'id' | 'severity'>,
  place: Omit<Place, 'detector' | 'form'>,
  key: Uint8Array,
): Finding {
  const { traits, secret } = claim;
  // Two algorithms may share the bytes of a secret (an Ed25519 seed used as X25519 scalar): they are different keys.
  const domain = latin1(`${traits.algorithm} ${traits.curve ?? ''} ${traits.protection ?? ''}\0`);
  const message = concat(domain, secret);
  const fingerprint = hex(hmac('sha256', key, message)!);
  message.fill(0);
  secret.fill(0);
  const known = traits.publicKeySha256 === undefined ? undefined : KNOWN_KEYS.get(traits.publicKeySha256);
  return {
    detector: detector.id,
    severity: known ? 'info' : (claim.severity ?? detector.severity),
    verdict: known ? 'known' : claim.verdict,
    fingerprint,
    traits: known ? { ...traits, known } : traits,
    places: [{ ...place, detector: detector.id, form: traits.form }],
  };
}
