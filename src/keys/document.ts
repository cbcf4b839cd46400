/** Whatever private-key document the bytes hold: DER or OpenSSH. What PEM, base64 and keystores wrap. */
import type { PemBody } from '../bytes/pem.ts';
import { readPrivateKey, readPrivateKeyTail } from './asn1.ts';
import type { KeyDocument } from './key-parts.ts';
import { readOpenSshKey } from './openssh.ts';

/** The document that begins at the first byte. */
export function readDocument(bytes: Uint8Array): KeyDocument | undefined {
  return bytes[0] === 0x30 ? readPrivateKey(bytes, 0) : readOpenSshKey(bytes, 0);
}

/** The document in a PEM body; of a body without its head, what the tail still holds. */
export function readPemDocument(body: PemBody): KeyDocument | undefined {
  return body.cut === 'head' ? readPrivateKeyTail(body.bytes) : readDocument(body.bytes);
}
