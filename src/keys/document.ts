/** Whatever private-key document the bytes hold: DER, OpenSSH, SSH.COM. What PEM, base64 and keystores wrap. */
import { looksRandom } from '../bytes/entropy.ts';
import type { PemBody } from '../bytes/pem.ts';
import { readOtherPkcs8, readPrivateKey, readPrivateKeyTail } from './asn1.ts';
import type { KeyDocument, KeyParts } from './key-parts.ts';
import { readOpenSshKey } from './openssh.ts';
import { readSshComKey } from './ssh-com.ts';

/** The document that begins at the first byte. */
export function readDocument(bytes: Uint8Array): KeyDocument | undefined {
  return bytes[0] === 0x30 ? readPrivateKey(bytes, 0) : (readOpenSshKey(bytes, 0) ?? readSshComKey(bytes));
}

/** The key in a PEM body under the label; of a body without its head, what the tail still holds. */
export function readPemDocument(label: string, body: PemBody): KeyParts | undefined {
  const { bytes, cut } = body;
  if (body.encrypted) return cut === 'none' ? readOpenSslEncrypted(bytes) : undefined;
  if (cut === 'head' && bytes[0] !== 0x30) return readPrivateKeyTail(bytes)?.parts;
  const document = readDocument(bytes) ?? (cut === 'head' ? readPrivateKeyTail(bytes) : undefined);
  if (document) return document.parts;
  return (cut === 'none' ? readOtherPkcs8(bytes) : undefined) ?? readRaw(label, body);
}

/** OpenSSL's "traditional" encryption: the body is the ciphertext of a block cipher, without any structure. */
function readOpenSslEncrypted(bytes: Uint8Array): KeyParts | undefined {
  const plausible = bytes.length % 8 === 0 && looksRandom(bytes, 0, Math.min(64, bytes.length));
  return plausible ? { type: 'encrypted', protection: 'openssl-pem', ciphertext: bytes } : undefined;
}

/** Bare octets under a label that names the curve, as Nebula and others write: Ed25519 with its public key, X25519. */
function readRaw(label: string, { bytes, cut }: PemBody): KeyParts | undefined {
  const curve = label.includes('X25519') ? 'X25519' : label.includes('ED25519') ? 'Ed25519' : undefined;
  if (!curve || cut !== 'none') return undefined;
  if (curve === 'Ed25519' && bytes.length === 64) {
    return { type: 'okp', numbers: { curve, privateKey: bytes.subarray(0, 32), publicKey: bytes.subarray(32) } };
  }
  // No structure: likely, not proven.
  return bytes.length === 32 ? { type: 'okp', numbers: { curve, privateKey: bytes, document: false } } : undefined;
}
