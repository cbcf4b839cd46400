/**
 * PuTTY private keys, versions 2 and 3 (PuTTY manual, appendix C): header lines, the public key as an SSH wire blob in
 * base64, the private fields likewise, a MAC over all of it.
 */
import { isDigit } from '../bytes/ascii.ts';
import { decodeBase64, skipSeparators } from '../bytes/base64.ts';
import { bitLength } from '../bytes/limbs.ts';
import { indexOfText } from '../bytes/reader.ts';
import type { Curve } from '../model/finding.ts';
import { CURVE_BY_NAME, OKP_CURVES } from '../proof/curves.ts';
import type { KeyTraits } from '../proof/proven-key.ts';
import { dsaPublicIds, ecPublicIds, okpPublicIds, rsaPublicIds } from '../proof/public-key.ts';
import type { KeyParts } from './key-parts.ts';
import { SshReader } from './ssh-wire.ts';

export const PPK_MAGIC = 'PuTTY-User-Key-File-';

/** Longest key: RSA-16384 has 6 KB of private fields. */
const MAX_TEXT = 16_384;

const CURVES: Readonly<Record<string, Curve>> = {
  'ecdsa-sha2-nistp256': 'P-256',
  'ecdsa-sha2-nistp384': 'P-384',
  'ecdsa-sha2-nistp521': 'P-521',
};
const OKP_TYPES: Readonly<Record<string, 'Ed25519' | 'Ed448'>> = { 'ssh-ed25519': 'Ed25519', 'ssh-ed448': 'Ed448' };

export interface Ppk {
  readonly encrypted: boolean;
  /** Decoded, in memory of their own. The private one may be cut off. */
  readonly publicBlob: Uint8Array;
  readonly privateBlob: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** The key whose magic is at `at`. Lines may end in any way that base64 in dumps does. */
export function readPpk(bytes: Uint8Array, at: number): Ppk | undefined {
  const limit = Math.min(bytes.length, at + MAX_TEXT);
  const encryption = indexOfText(bytes, 'Encryption: ', at, Math.min(limit, at + 128));
  const publicLines = indexOfText(bytes, 'Public-Lines: ', encryption, Math.min(limit, at + 1024));
  const privateLines = indexOfText(bytes, 'Private-Lines: ', publicLines, limit);
  if (encryption < 0 || publicLines < 0 || privateLines < 0) return undefined;
  const publicBlob = decodeLines(bytes, publicLines + 14, privateLines);
  const mac = indexOfText(bytes, 'Private-MAC: ', privateLines, limit);
  const privateBlob = decodeLines(bytes, privateLines + 15, mac < 0 ? limit : mac);
  return {
    encrypted: indexOfText(bytes, 'none', encryption, encryption + 16) < 0,
    publicBlob: publicBlob.bytes,
    privateBlob: privateBlob.bytes,
    start: at,
    end: mac < 0 ? privateBlob.next : endOfHex(bytes, mac + 13),
  };
}

/** The lines after their count, whose first digit is at `at`. */
function decodeLines(bytes: Uint8Array, at: number, limit: number) {
  let start = at;
  while (start < at + 3 && isDigit(bytes[start])) start++;
  return decodeBase64(bytes, skipSeparators(bytes, start, limit), limit, { style: 'wrapped' });
}

function endOfHex(bytes: Uint8Array, at: number): number {
  let end = at;
  while (end < at + 64 && (isDigit(bytes[end]) || (bytes[end]! >= 0x61 && bytes[end]! <= 0x66))) end++;
  return end;
}

/** The numbers of a clear key, or what the public half says about an encrypted one. */
export function partsOfPpk({ encrypted, publicBlob, privateBlob }: Ppk): KeyParts | undefined {
  const reader = new SshReader(publicBlob);
  const type = reader.name();
  const secret = new SshReader(privateBlob);
  const protect = (traits: Partial<KeyTraits>): KeyParts | undefined =>
    reader.ok && privateBlob.length >= 32
      ? { type: 'encrypted', protection: 'putty', ciphertext: privateBlob, traits }
      : undefined;

  if (type === 'ssh-rsa') {
    const [e, n] = [reader.mpint(), reader.mpint()];
    if (!reader.ok) return undefined;
    if (encrypted) return protect({ algorithm: 'RSA', bits: bitLength(n), ...rsaPublicIds(n, e) });
    const d = secret.mpint();
    const partial = secret.ok ? { n, e, d } : { n, e };
    const [p, q, qi] = [secret.mpint(), secret.mpint(), secret.mpint()];
    return { type: 'rsa', numbers: secret.ok ? { ...partial, p, q, qi } : partial };
  }
  if (type === 'ssh-dss') {
    const [p, q, g, y] = [reader.mpint(), reader.mpint(), reader.mpint(), reader.mpint()];
    if (encrypted) return protect({ algorithm: 'DSA', bits: bitLength(p), ...dsaPublicIds(p, q, g, y) });
    const x = secret.mpint();
    return reader.ok && secret.ok ? { type: 'dsa', numbers: { p, q, g, y, x } } : undefined;
  }
  const curve = CURVES[type];
  if (curve) {
    reader.name();
    const point = reader.string();
    if (point.length !== 1 + 2 * CURVE_BY_NAME.get(curve)!.size) return undefined;
    if (encrypted) return protect({ algorithm: 'EC', curve, ...ecPublicIds(curve, point) });
    const scalar = secret.string();
    return secret.ok
      ? { type: 'ec', numbers: { curve, scalar: scalar[0] === 0 ? scalar.subarray(1) : scalar, point } }
      : undefined;
  }
  const okp = OKP_CURVES.find(({ name }) => name === OKP_TYPES[type]);
  if (!okp) return undefined;
  const publicKey = reader.string();
  if (publicKey.length !== okp.size) return undefined;
  if (encrypted) return protect({ algorithm: okp.name, ...okpPublicIds(okp.name, publicKey, okp.oidLastByte) });
  const privateKey = secret.string();
  return secret.ok ? { type: 'okp', numbers: { curve: okp.name, privateKey, publicKey } } : undefined;
}
