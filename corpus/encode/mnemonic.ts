/** BIP-39: entropy to English words. */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** @param entropy 16, 20, 24, 28 or 32 bytes */
export function mnemonicWords(entropy: Uint8Array): readonly string[] {
  // Loaded when asked for: this module comes with the package, for `patterns test`, and the words are there for development.
  const { wordlist } = require('@scure/bip39/wordlists/english') as { wordlist: readonly string[] };
  const bitsOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const checksum = bitsOf(createHash('sha256').update(entropy).digest()).slice(0, entropy.length / 4);
  return (bitsOf(entropy) + checksum).match(/.{11}/g)!.map((bits) => wordlist[Number.parseInt(bits, 2)]!);
}
