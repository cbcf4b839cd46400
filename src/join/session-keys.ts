/**
 * Keys of one session: a handshake makes one, sends its public half, and forgets it. Whoever has the dump can decrypt that
 * session (unless its secrets are gone), but there is nothing to replace. Told by the message around the public key.
 */
import type { Severity } from '../model/finding.ts';
import type { OkpCurve } from '../proof/curves.ts';
import type { ShortCurve } from '../proof/short-curves.ts';

/** Named groups (RFC 8422, 5.1.1; RFC 8446, 4.2.7; RFC 7027, 2; RFC 8734, 2; RFC 8998, 2). */
const GROUPS: Partial<Record<ShortCurve | OkpCurve, readonly number[]>> = {
  'P-256': [0x0017],
  'P-384': [0x0018],
  'P-521': [0x0019],
  brainpoolP256r1: [0x001a, 0x001f],
  brainpoolP384r1: [0x001b, 0x0020],
  brainpoolP512r1: [0x001c, 0x0021],
  SM2: [0x0029],
  X25519: [0x001d],
  X448: [0x001e],
};
const NAMED_CURVE = 3;
const CLIENT_KEY_EXCHANGE = 16;
const KEX_ECDH_INIT = 30;

/**
 * Whether the public key of `size` bytes at `bytes[at]` is a part of a handshake: a KeyShareEntry (RFC 8446, 4.2.8), the
 * parameters of a ServerKeyExchange or the point of a ClientKeyExchange (RFC 8422, 5.4 and 5.7), the first message of SSH's
 * ECDH (RFC 5656, 4).
 */
export function isInHandshake(bytes: Uint8Array, at: number, size: number, curve: ShortCurve | OkpCurve): boolean {
  const groups = GROUPS[curve]?.map((group) => [group >> 8, group & 0xff]);
  if (!groups) return false;
  return [
    ...groups.map((group) => [...group, size >> 8, size & 0xff]),
    ...groups.map((group) => [NAMED_CURVE, ...group, size]),
    [CLIENT_KEY_EXCHANGE, 0, 0, size + 1, size],
    [KEX_ECDH_INIT, 0, 0, 0, size],
  ].some((before) => at >= before.length && before.every((byte, i) => bytes[at - before.length + i] === byte));
}

/** What is known of a public key: it is in a certificate or another document, or in a handshake. */
export interface PublicEvidence {
  readonly isDocument: boolean;
  readonly isHandshake: boolean;
}

/**
 * - In a document: a key to replace, as any other (undefined).
 * - In a handshake, and in no document: `low`.
 * - X25519 and X448, in neither: nearly always a session's whose messages are gone, but WireGuard and Noise keep keys of this
 *   kind for years: `medium`. Keys on other curves sign, and are taken for such.
 */
export function severityOf(
  curve: ShortCurve | OkpCurve,
  { isDocument, isHandshake }: PublicEvidence,
): Severity | undefined {
  if (isDocument) return undefined;
  if (isHandshake) return 'low';
  return curve === 'X25519' || curve === 'X448' ? 'medium' : undefined;
}
