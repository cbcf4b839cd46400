/** OpenPGP public keys and subkeys of version 4 (RFC 9580, 5.5), binary. */
import { bigintFromBe } from '../bytes/limbs.ts';
import { u16be } from '../bytes/reader.ts';
import { readPacketHeader } from '../keys/pgp.ts';
import { sanitizeLabel } from '../model/label.ts';
import { curveByOid } from '../proof/curves.ts';
import { ecKey, hexOf, okpKey, type PublicKey, rsaKey } from './public-key.ts';

const TAG = { SECRET_KEY: 5, PUBLIC_KEY: 6, SECRET_SUBKEY: 7, USER_ID: 13, PUBLIC_SUBKEY: 14 } as const;
const MAX_PACKETS = 10_000;
/** Version, four bytes of time, algorithm. */
const HEADER_BYTES = 6;

const RSA = [1, 2, 3];
const EC = [18, 19];
const EDDSA_LEGACY = 22;
const OKP = { 25: 'X25519', 26: 'X448', 27: 'Ed25519', 28: 'Ed448' } as const;
/** Object identifiers of the legacy encodings, whose points begin with 0x40. */
const LEGACY_CURVES: Readonly<Record<string, 'Ed25519' | 'X25519'>> = {
  '2b06010401da470f01': 'Ed25519',
  '2b060104019755010501': 'X25519',
};

export interface OpenPgpKeys {
  readonly keys: readonly PublicKey[];
  readonly hasPrivate: boolean;
}

/** Keys of a transferable public key or a ring of them; each is named by the first user after its primary key. */
export function readOpenPgp(bytes: Uint8Array): OpenPgpKeys {
  const found: { key: Omit<PublicKey, 'source'>; group: number }[] = [];
  const users: string[] = [];
  let hasPrivate = false;
  let group = -1;
  for (let at = 0, count = 0; count < MAX_PACKETS; count++) {
    const packet = readPacketHeader(bytes, at);
    if (!packet || packet.end > bytes.length) break;
    const { tag, start, end } = packet;
    const body = bytes.subarray(start, end);
    if (tag === TAG.SECRET_KEY || tag === TAG.SECRET_SUBKEY) hasPrivate = true;
    if (tag === TAG.PUBLIC_KEY) group++;
    if (tag === TAG.USER_ID) users[group] ??= sanitizeLabel(new TextDecoder().decode(body));
    const key = tag === TAG.PUBLIC_KEY || tag === TAG.PUBLIC_SUBKEY ? readKey(body) : undefined;
    if (key) found.push({ key, group });
    at = end;
  }
  const keys = found.map(({ key, group: index }): PublicKey => {
    const user = users[index];
    return { source: 'openpgp', ...key, ...(user && { comment: user, name: user }) };
  });
  return { keys, hasPrivate };
}

function readKey(body: Uint8Array): Omit<PublicKey, 'source'> | undefined {
  const algorithm = body[HEADER_BYTES - 1]!;
  if (body[0] !== 4) return undefined;
  if (algorithm in OKP) {
    const curve = OKP[algorithm as keyof typeof OKP];
    return okpKey(curve, body.subarray(HEADER_BYTES));
  }
  if (RSA.includes(algorithm)) {
    const n = readMpi(body, HEADER_BYTES);
    const e = n && readMpi(body, n.end);
    return n && e && rsaKey(bigintFromBe(n.bytes), bigintFromBe(e.bytes));
  }
  if (!EC.includes(algorithm) && algorithm !== EDDSA_LEGACY) return undefined;
  const oidStart = HEADER_BYTES + 1;
  const oidEnd = oidStart + body[HEADER_BYTES]!;
  const point = readMpi(body, oidEnd)?.bytes;
  if (!point) return undefined;
  const legacy = LEGACY_CURVES[hexOf(body.subarray(oidStart, oidEnd))];
  if (legacy) return point[0] === 0x40 ? okpKey(legacy, point.subarray(1)) : undefined;
  const curve = curveByOid(body, oidStart, oidEnd);
  return curve && ecKey(curve.name, point);
}

/** RFC 9580, 3.2: a length in bits, then big-endian bytes. */
function readMpi(bytes: Uint8Array, at: number): { readonly bytes: Uint8Array; readonly end: number } | undefined {
  const bits = u16be(bytes, at);
  if (bits === undefined) return undefined;
  const end = at + 2 + ((bits + 7) >> 3);
  return end <= bytes.length ? { bytes: bytes.subarray(at + 2, end), end } : undefined;
}
