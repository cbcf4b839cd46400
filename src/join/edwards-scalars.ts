/**
 * Scalars of Ed25519 without the seed that they were hashed from, little-endian. Clamped ones are keys. One below the order may be the
 * nonce of a signature, which has its point, so something else has to say that it's a key.
 */
import { bigintFromLe, bigintToBe } from '../bytes/limbs.ts';
import { ed25519EncodeAll } from '../proof/edwards25519.ts';
import { equalBytes } from '../proof/hash.ts';
import { keccak256 } from '../proof/keccak.ts';
import { multiply25519 } from './derivations.ts';

const ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
const BYTES = 32;

/** One number in 32: as RFC 8032, 5.1.5 says. */
export function isClamped(bytes: Uint8Array): boolean {
  return (bytes[0]! & 7) === 0 && bytes[31]! >> 6 === 1;
}

/** Whether a private key of X25519 is clamped to this scalar (RFC 7748, 5). */
export function isSameClamped(privateKey: Uint8Array, scalar: Uint8Array): boolean {
  const last = BYTES - 1;
  if ((privateKey[0]! & 0xf8) !== scalar[0] || ((privateKey[last]! & 0x3f) | 0x40) !== scalar[last]) return false;
  return equalBytes(privateKey.subarray(1, last), scalar.subarray(1, last));
}

/** One number in 16: below the order, but for a few. */
export function isReduced(bytes: Uint8Array): boolean {
  return bytes[31]! >> 4 === 0;
}

export const scalarPublicKeys = (scalars: readonly Uint8Array[]): Uint8Array[] =>
  ed25519EncodeAll(multiply25519(scalars.map((scalar) => scalar.slice().reverse())));

export interface FoundScalar {
  readonly scalar: Uint8Array;
  /** Its public half lies in a document, where no nonce has its point. */
  readonly isDocument: boolean;
}

/** How wallets of CryptoNote, so Monero's, make the key to view of the one to spend: no two nonces are related so. */
function viewKeyOf(spendKey: Uint8Array): Uint8Array {
  const digest = keccak256(spendKey);
  const viewKey = bigintToBe(bigintFromLe(digest) % ORDER, BYTES).reverse();
  digest.fill(0);
  return viewKey;
}

/** More are nonces, and each takes up to a millisecond. */
const MAX_RELATED = 128;

/** Which of several scalars below the order, whose public halves are all there, are keys for certain. */
export function areKeys(found: readonly FoundScalar[]): readonly boolean[] {
  const viewKeys = found.length <= MAX_RELATED ? found.map(({ scalar }) => viewKeyOf(scalar)) : [];
  const answers = found.map(({ isDocument }) => isDocument);
  for (const [spend, viewKey] of viewKeys.entries()) {
    const view = found.findIndex(({ scalar }) => equalBytes(scalar, viewKey));
    if (view >= 0) answers[spend] = answers[view] = true;
    viewKey.fill(0);
  }
  return answers;
}
