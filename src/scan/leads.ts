/**
 * Collects leads: positions of what could be a part of a key, for the join. No bytes leave with them; only for a
 * stream, which can't be read again, the bytes are held in this task.
 */
import type { LeadWindow } from '../join/join.ts';
import type { Lead } from '../model/task.ts';
import type { Chunk } from './chunks.ts';

/**
 * Lengths in base64url characters of the JWK members that are private or prove one (RFC 7518, 6): EC and OKP values
 * (32, 48, 66, 56, 57 bytes), RSA primes and moduli from 1024 to 4096 bits (64, 128, 192, 256, 384, 512 bytes).
 */
const MEMBER_LENGTHS = new Set([43, 64, 88, 75, 76, 86, 171, 256, 342, 512, 683]);

export class LeadCollector {
  readonly leads: Lead[] = [];
  /** The bytes of each lead, when asked to hold them. */
  readonly held: LeadWindow[] = [];
  overflowed = false;
  readonly #most: number;
  readonly #hold: boolean;

  constructor(most: number, options: { hold: boolean }) {
    this.#most = most;
    this.#hold = options.hold;
  }

  /** Takes a base64 run at index `at` of the window if it could be one JWK member on its own. */
  onRun(window: Uint8Array, chunk: Chunk, at: number, length: number): void {
    if (!MEMBER_LENGTHS.has(length)) return;
    if (this.leads.length >= this.#most) {
      this.overflowed = true;
      return;
    }
    const lead: Lead = {
      kind: 'base64url-value',
      encoding: 'bytes',
      start: chunk.base + at,
      end: chunk.base + at + length,
    };
    this.leads.push(lead);
    if (this.#hold) this.held.push({ lead, bytes: window.slice(at, at + length) });
  }

  wipe(): void {
    for (const { bytes } of this.held) bytes.fill(0);
  }
}
