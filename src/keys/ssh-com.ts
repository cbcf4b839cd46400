/**
 * Private keys of SSH.COM (Tectia), the binary inside `SSH2 ENCRYPTED PRIVATE KEY`; the label says "encrypted" of clear
 * ones, too. Documented by PuTTY's import.c: u32 magic, u32 length of all, string type, string cipher, string data; in
 * the clear data a u32 length, then numbers with their length in bits.
 */
import { looksRandom } from '../bytes/entropy.ts';
import { bigintFromBe } from '../bytes/limbs.ts';
import { u32be } from '../bytes/reader.ts';
import type { KeyDocument, KeyParts } from './key-parts.ts';
import { SshReader } from './ssh-wire.ts';

const MAGIC = 0x3f6ff9eb;

/** The document at the first byte. */
export function readSshComKey(bytes: Uint8Array): KeyDocument | undefined {
  if (u32be(bytes, 0) !== MAGIC) return undefined;
  const reader = new SshReader(bytes, 8);
  const type = reader.name();
  const cipher = reader.name();
  const data = reader.string();
  if (!reader.ok) return undefined;
  const parts = cipher === 'none' ? readClear(type, data) : readEncrypted(data);
  return parts && { parts, start: 0, end: reader.at };
}

function readEncrypted(data: Uint8Array): KeyParts | undefined {
  const plausible = data.length >= 64 && looksRandom(data, 0, 64);
  return plausible ? { type: 'encrypted', protection: 'unknown', ciphertext: data } : undefined;
}

function readClear(type: string, data: Uint8Array): KeyParts | undefined {
  const reader = new SshReader(data, 4);
  if (type.startsWith('if-modn')) {
    const [e, d, n, qi, p, q] = [
      number(reader),
      number(reader),
      number(reader),
      number(reader),
      number(reader),
      number(reader),
    ];
    return reader.ok ? { type: 'rsa', numbers: { n, e, d, qi, p, q } } : undefined;
  }
  if (type.startsWith('dl-modp') && reader.uint32() === 0) {
    const [p, g, q, y, x] = [number(reader), number(reader), number(reader), number(reader), number(reader)];
    return reader.ok ? { type: 'dsa', numbers: { p, q, g, y, x } } : undefined;
  }
  return undefined;
}

/** u32 bits, then as many whole bytes. */
function number(reader: SshReader): bigint {
  return bigintFromBe(reader.octets(Math.ceil(reader.uint32() / 8)));
}
