/** Checksums that tokens carry, computed another way than `src/` does: big integers and Node's own functions. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

const BITCOIN = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const SIXTY_TWO = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function digits(value: bigint, alphabet: string): string {
  const base = BigInt(alphabet.length);
  let text = '';
  for (let rest = value; rest > 0n; rest /= base) text = alphabet.charAt(Number(rest % base)) + text;
  return text;
}

/** CRC-32 of Latin-1 text. */
export function textCrc32(text: string): number {
  return crc32(Buffer.from(text, 'latin1'));
}

/** A number in base 62 (0-9 A-Z a-z), padded with `0` on the left. */
export function base62(value: number, length: number): string {
  return digits(BigInt(value), SIXTY_TWO).padStart(length, '0');
}

/** Base58 of the bytes and the first four of their double SHA-256. */
export function base58check(payload: Uint8Array): string {
  const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
  const all = Buffer.concat([payload, sha(sha(payload)).subarray(0, 4)]);
  const zeros = all.findIndex((byte) => byte !== 0);
  return '1'.repeat(zeros) + digits(BigInt(`0x${all.toString('hex')}`), BITCOIN);
}

const WORD = (1n << 32n) - 1n;
const turn = (word: bigint, by: bigint): bigint => ((word << by) | (word >> (32n - by))) & WORD;

/** Marvin32 over `bytes` with a seed named by eight characters; four bytes, little-endian. */
export function marvinChecksum(bytes: Uint8Array, seedName: string): Uint8Array {
  const padded = [...bytes, 0x80];
  while (padded.length % 4 !== 0) padded.push(0);
  padded.push(0, 0, 0, 0);
  const seed = BigInt(`0x${Buffer.from(seedName, 'latin1').toString('hex')}`);
  let [a, b] = [seed & WORD, seed >> 32n];
  for (let at = 0; at < padded.length; at += 4) {
    const word = padded.slice(at, at + 4).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
    a = (a + word) & WORD;
    b ^= a;
    a = (turn(a, 20n) + b) & WORD;
    b = turn(b, 9n) ^ a;
    a = (turn(a, 27n) + b) & WORD;
    b = turn(b, 19n);
  }
  const hash = a ^ b;
  return Uint8Array.from([0n, 8n, 16n, 24n], (shift) => Number((hash >> shift) & 255n));
}
