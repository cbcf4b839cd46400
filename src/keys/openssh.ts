/** OpenSSH private keys, the binary inside the armour (OpenSSH's PROTOCOL.key). */
import { looksRandom } from '../bytes/entropy.ts';
import { hasText } from '../bytes/reader.ts';
import type { Curve } from '../model/finding.ts';
import type { KeyDocument, KeyParts } from './key-parts.ts';
import { SshReader } from './ssh-wire.ts';

export const OPENSSH_MAGIC = 'openssh-key-v1\0';

const SSH_CURVES: Readonly<Record<string, Curve>> = {
  'ecdsa-sha2-nistp256': 'P-256',
  'ecdsa-sha2-nistp384': 'P-384',
  'ecdsa-sha2-nistp521': 'P-521',
};

/** The document whose magic is at `at`. Only the first key of a file with several: OpenSSH writes one. */
export function readOpenSshKey(bytes: Uint8Array, at: number, limit = bytes.length): KeyDocument | undefined {
  if (!hasText(bytes, at, OPENSSH_MAGIC)) return undefined;
  const reader = new SshReader(bytes, at + OPENSSH_MAGIC.length, limit);
  const cipher = reader.name();
  const kdf = reader.name();
  reader.string();
  const count = reader.uint32();
  if (!reader.ok || count < 1 || count > 16) return undefined;
  for (let i = 0; i < count; i++) reader.string();
  const start = reader.at;
  const section = reader.string();
  if (cipher !== 'none' || kdf !== 'none') {
    const plausible = reader.ok && section.length >= 64 && looksRandom(section.subarray(0, 64));
    return plausible
      ? { parts: { type: 'encrypted', protection: 'openssh', ciphertext: section }, start: at, end: reader.at }
      : undefined;
  }
  // A cut section is still read: the private numbers come before the comment and the padding.
  const inner = new SshReader(bytes, start + 4, reader.ok ? reader.at : limit);
  const check = inner.uint32();
  if (inner.uint32() !== check || !inner.ok) return undefined;
  const parts = readSshPrivateKey(inner);
  return parts && { parts, start: at, end: reader.ok ? reader.at : inner.at };
}

/** Key type and its private fields, as ssh-agent and OpenSSH store them (draft-miller-ssh-agent, 3.2). */
export function readSshPrivateKey(reader: SshReader): KeyParts | undefined {
  const type = reader.name();
  if (!reader.ok) return undefined;
  if (type === 'ssh-rsa') {
    const [n, e, d, qi, p] = [reader.mpint(), reader.mpint(), reader.mpint(), reader.mpint(), reader.mpint()];
    // Numbers behind a cut are 0, which no proof takes for a number.
    return { type: 'rsa', numbers: { n, e, d, qi, p, q: reader.mpint() } };
  }
  if (type === 'ssh-dss') {
    const [p, q, g, y, x] = [reader.mpint(), reader.mpint(), reader.mpint(), reader.mpint(), reader.mpint()];
    return reader.ok ? { type: 'dsa', numbers: { p, q, g, y, x } } : undefined;
  }
  const curve = SSH_CURVES[type];
  if (curve) {
    reader.name();
    const point = reader.string();
    const scalar = trimZeros(reader.string());
    return reader.ok ? { type: 'ec', numbers: { curve, scalar, point } } : undefined;
  }
  if (type === 'ssh-ed25519') {
    const publicKey = reader.string();
    const pair = reader.string();
    if (!reader.ok || publicKey.length !== 32 || pair.length !== 64) return undefined;
    return { type: 'okp', numbers: { curve: 'Ed25519', privateKey: pair.subarray(0, 32), publicKey } };
  }
  return undefined;
}

const trimZeros = (bytes: Uint8Array): Uint8Array => (bytes[0] === 0 ? bytes.subarray(1) : bytes);
