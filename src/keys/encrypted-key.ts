/** Encrypted key documents under passwords that protect nothing. */
import { readPrivateKey } from './asn1.ts';
import { DEFAULT_PASSWORDS } from './default-passwords.ts';
import type { KeyParts } from './key-parts.ts';
import { decryptPbe, derivationCost, readEncryptedKeyInfo } from './pbe.ts';

/** Hash computations that one document may cost: about half a second. */
const MAX_HASHES = 300_000;

export interface OpenedKey {
  /** Views `plain`. */
  readonly parts: KeyParts;
  /** In memory of its own: wipe it after use. */
  readonly plain: Uint8Array;
}

/**
 * The keys that an EncryptedPrivateKeyInfo could hold under a default password, one for each that decrypts to a
 * document: a wrong password does so once in 60,000, and the proof tells.
 * @param known a password that opened what is around it: tried first, however long it takes
 */
export function* openEncryptedKey(document: Uint8Array, known?: string): Generator<OpenedKey> {
  const info = readEncryptedKeyInfo(document, 0);
  if (!info) return;
  const most = Math.floor(MAX_HASHES / derivationCost(document, info.algorithm));
  for (const password of [...(known === undefined ? [] : [known]), ...DEFAULT_PASSWORDS.slice(0, most)]) {
    const plain = decryptPbe(document, info.algorithm, info.ciphertext, password);
    const parts = plain && readPrivateKey(plain, 0)?.parts;
    try {
      if (parts && parts.type !== 'encrypted') yield { parts, plain };
    } finally {
      plain?.fill(0);
    }
  }
}
