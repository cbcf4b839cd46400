/**
 * What opening containers may cost, for one input with everything that is nested in it: bytes, members, depth, time and
 * memory. A bomb ends at a ceiling, with a gap. Also keeps the watchdog quiet between pieces, and notices an abort.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GapCode } from '../model/finding.ts';

/** Between two heartbeats: a decoder may give thousands of small pieces a second. */
const BEAT_MS = 50;
/** Held at once on all levels of nesting together. */
const MAX_HELD_BYTES = 192 * 1024 * 1024;
/** Unit of memory in which content is held. */
export const BLOCK_BYTES = 1024 * 1024;

/** Wiped blocks that wait for the thread's next member: touching fresh memory takes longer than filling it. */
const spare: Uint8Array[] = [];
const MAX_SPARE_BLOCKS = 64;

/** Ceilings of one input with all that is nested in it. */
export type Limits = {
  /** Containers in containers; deeper ones are a gap `too-deep`. */
  readonly maxDepth: number;
  /** Bytes of all members, on all levels together; beyond them a gap `too-large`. */
  readonly maxInflatedBytes: number;
  /** Members, on all levels together; beyond them a gap `over-budget`. */
  readonly maxMembers: number;
  /** Time for the members, in ms; then a gap `timeout`. */
  readonly maxContainerMs: number;
  /** A member up to this size is held in memory and can be read anywhere; a larger one is read front to back. */
  readonly maxHeldBytes: number;
};

/** A memory image of 64 GiB passes; ratios alone say nothing, as a heap dump shrinks 559 times. */
export const DEFAULT_LIMITS: Limits = {
  maxDepth: 8,
  maxInflatedBytes: 64 * 1024 ** 3,
  maxMembers: 1_000_000,
  maxContainerMs: 3_600_000,
  maxHeldBytes: 64 * 1024 * 1024,
};

/** Why reading stops. */
export interface Stop {
  readonly code: GapCode;
  readonly detail?: string;
  /** Id of the plug-in that failed. */
  readonly detector?: string;
}

/** A context, as far as ceilings go. */
export interface QuotaHost {
  readonly options: Limits;
  readonly signal: AbortSignal;
  onProgress(bytes: number): void;
}

export class Quota {
  readonly maxDepth: number;
  readonly maxHeldBytes: number;
  readonly #host: QuotaHost;
  readonly #started = performance.now();
  #beatAt = performance.now();
  #bytes = 0;
  #members = 0;
  #blocks = 0;

  constructor(host: QuotaHost) {
    this.#host = host;
    this.maxDepth = host.options.maxDepth;
    this.maxHeldBytes = host.options.maxHeldBytes;
  }

  /** Call it between pieces: a reason to stop, if there is one. */
  async check(): Promise<Stop | undefined> {
    const now = performance.now();
    const { signal, onProgress, options } = this.#host;
    if (now - this.#beatAt > BEAT_MS) {
      this.#beatAt = now;
      onProgress(0);
      await nextTurn();
    }
    if (signal.aborted) return { code: 'interrupted' };
    if (now - this.#started > options.maxContainerMs) return { code: 'timeout', detail: 'container' };
    return this.takeBytes(0);
  }

  /** Bytes of a member that are about to be searched. */
  takeBytes(bytes: number): Stop | undefined {
    this.#bytes += bytes;
    return this.#bytes > this.#host.options.maxInflatedBytes ? { code: 'too-large', detail: 'inflated' } : undefined;
  }

  takeMember(): Stop | undefined {
    return ++this.#members > this.#host.options.maxMembers ? { code: 'over-budget', detail: 'members' } : undefined;
  }

  /** A block of memory to hold bytes in; undefined when too much is held. */
  takeBlock(): Uint8Array | undefined {
    if ((this.#blocks + 1) * BLOCK_BYTES > MAX_HELD_BYTES) return undefined;
    this.#blocks++;
    return spare.pop() ?? new Uint8Array(BLOCK_BYTES);
  }

  /** Takes a block back, and wipes its first `used` bytes. */
  giveBlock(block: Uint8Array, used: number): void {
    block.fill(0, 0, used);
    this.#blocks--;
    if (spare.length < MAX_SPARE_BLOCKS) spare.push(block);
  }
}
