/**
 * Collects leads: positions of what could be a part of a key, for the join. No bytes leave with them; only for a
 * stream, which can't be read again, the bytes are held in this task.
 */
import { isAllCode } from '../bytes/machine-code.ts';
import { u32le } from '../bytes/reader.ts';
import { AROUND_BYTES, createWindow, type LeadWindow } from '../join/join.ts';
import { keptBy, kindOf, thinKinds } from '../join/number-kinds.ts';
import { beginsBoxed } from '../join/number-layouts.ts';
import { isTextKey, octetListIn, wideTextKeyIn } from '../join/text-keys.ts';
import { isRandomText } from '../kernel/runs.ts';
import type { DenseTest } from '../model/detector.ts';
import { keepLeads, packLead } from '../model/packed-leads.ts';
import type { Encoding, Span } from '../model/place.ts';
import type { Lead, LeadKind } from '../model/task.ts';
import type { Chunk } from './chunks.ts';
import { areDeflated } from './deflated.ts';
import { LEAD_BUDGET } from './lead-windows.ts';

/**
 * Sizes in bytes of the JWK members that are private or prove one (RFC 7518, 6; RFC 8037): values of the curves; RSA
 * moduli from 1024 to 8192 bits, their halves, and private exponents that lost their first byte.
 */
const MEMBER_BYTES = [
  ...[32, 48, 56, 57, 66],
  ...[64, 96, 128, 192, 256, 384, 512, 1024],
  ...[127, 191, 255, 383, 511, 1023],
];
/** Length in base64url characters to size in bytes. */
const BYTES_BY_LENGTH = new Map(MEMBER_BYTES.map((bytes) => [Math.ceil((bytes * 4) / 3), bytes]));

/** PEM and MIME lines are as long as P-384 and Ed448 values. */
const LINE_LENGTHS = [64, 76];

/** With a smaller share of numbers among the leads, leaving some of them out makes no room worth the time. */
const LEAST_THINNED = 1 / 4;

const LF = 0x0a;
const CR = 0x0d;
/** Stands between the parts of a JWT, whose signatures are as long as moduli. */
const DOT = 0x2e;

export class LeadCollector {
  /** Packed. */
  readonly leads: number[] = [];
  /** The bytes of each lead, when asked to hold them. */
  readonly held: LeadWindow[] = [];
  overflowed = false;
  /** Spans that are not are left out: another search has them. */
  isNew: (span: Span) => boolean;
  readonly #most: number;
  readonly #hold: boolean;
  readonly #numbers: boolean;
  readonly #textKeys: boolean;
  /** Of each lead; 0 for those that are no numbers. */
  #kinds: number[] = [];
  /** How many of the leads are text keys: signed JAR files have a hundred thousand, which must not crowd out numbers. */
  #texts = 0;
  #heldBytes = 0;
  readonly #thinned = new Map<number, { readonly stride: number; seen: number }>();
  /** Nothing more can be left out. */
  #isThin = false;

  /** @param options `numbers`: also runs of numbers (the default); `textKeys`: also texts that could be keys of HMAC */
  constructor(
    most: number,
    options: { hold: boolean; numbers?: boolean; textKeys?: boolean; isNew?: (span: Span) => boolean },
  ) {
    this.#most = most;
    this.#hold = options.hold;
    this.#numbers = options.numbers ?? true;
    this.#textKeys = options.textKeys ?? false;
    this.isNew = options.isNew ?? (() => true);
  }

  /** Takes what a dense test found at index `at` of the window, if it could be a part of a key. */
  onRun(dense: DenseTest, window: Uint8Array, chunk: Chunk, at: number, length: number): void {
    // The marks of boxed digits are frequent bytes of code.
    if (
      dense === 'number-run' &&
      this.#numbers &&
      (!isAllCode(window, at, at + length, chunk.data) || beginsBoxed(window, at)) &&
      !areDeflated(window, at, at + length)
    ) {
      this.#take('number', window, chunk, at, length);
    }
    if (dense === 'decimal-run' && this.#textKeys) {
      const list = octetListIn(window, at, length);
      if (list) this.#take('text-key', window, chunk, list.start, list.end - list.start);
    }
    if (dense === 'wide-run' && this.#textKeys) this.#takeWide(window, chunk, at, length);
    if (dense !== 'base64-run' && dense !== 'hex-run') return;
    const member = dense === 'base64-run' ? memberLength(window, at, length) : undefined;
    if (member !== undefined) this.#take('base64url-value', window, chunk, at, member);
    else if (this.#textKeys && isTextKey(window, at, length, dense)) {
      this.#take('text-key', window, chunk, at, length);
    }
  }

  /** Takes what a harvester found at index `at` of the window. */
  onHarvest(kind: LeadKind, window: Uint8Array, chunk: Chunk, at: number, length: number): void {
    this.#take(kind, window, chunk, at, length);
  }

  #takeWide(window: Uint8Array, chunk: Chunk, at: number, length: number): void {
    const { start, end } = chunk.data;
    const found = wideTextKeyIn(window.subarray(start, end), at - start, length);
    if (!found) return;
    const isRandom = isRandomText(found.text, found.run);
    found.text.fill(0);
    if (isRandom) {
      this.#take('text-key', window, chunk, start + found.start, found.end - found.start, found.encoding);
    }
  }

  #take(
    kind: LeadKind,
    window: Uint8Array,
    chunk: Chunk,
    at: number,
    length: number,
    encoding: Encoding = 'bytes',
  ): void {
    const start = chunk.base + at;
    const lead: Lead = { kind, encoding, start, end: start + length };
    if (!this.isNew(lead)) return;
    const bytes = length + 2 * AROUND_BYTES;
    const isFull = (): boolean => {
      const count = kind === 'text-key' ? this.#texts : this.#kinds.length - this.#texts;
      return count >= this.#most || (this.#hold && this.#heldBytes + bytes > LEAD_BUDGET.bytes);
    };
    if (isFull() && !this.#overflow(isFull)) return;
    const ownKind = kind === 'number' ? kindOf(window, at, length) : 0;
    if (this.#isPassedOver(ownKind)) return;
    this.#kinds.push(ownKind);
    if (kind === 'text-key') this.#texts++;
    packLead(this.leads, lead);
    if (!this.#hold) return;
    this.#heldBytes += bytes;
    const from = Math.max(chunk.data.start, at - AROUND_BYTES);
    const to = Math.min(chunk.data.end, at + length + AROUND_BYTES);
    this.held.push(createWindow(lead, window.slice(from, to), at - from));
  }

  /** Makes room by leaving out numbers of which there are very many alike. Returns false when there are none. */
  #overflow(isFull: () => boolean): boolean {
    this.overflowed = true;
    // What was tried in vain would take as long each time.
    if (this.#isThin) return false;
    const numbers = this.#kinds.filter((kind) => kind !== 0);
    const strides = thinKinds(numbers, Math.floor(numbers.length / 2));
    this.#isThin = !strides || numbers.length < (this.#kinds.length - this.#texts) * LEAST_THINNED;
    if (!strides) return false;
    const kept = keptBy(strides, this.#kinds);
    keepLeads(this.leads, kept);
    for (const [i, { around, bytes }] of this.held.entries()) {
      if (kept[i]) continue;
      this.#heldBytes -= bytes.length + 2 * AROUND_BYTES;
      around.fill(0);
    }
    const held = this.held.filter((_, i) => kept[i]);
    this.held.splice(0, this.held.length, ...held);
    this.#kinds = this.#kinds.filter((_, i) => kept[i]);
    for (const [kind, stride] of strides) {
      const before = this.#thinned.get(kind)?.stride ?? 1;
      this.#thinned.set(kind, { stride: before * stride, seen: 0 });
    }
    return !isFull();
  }

  /** Of a kind that was thinned, only one in so many is taken further on as well. */
  #isPassedOver(kind: number): boolean {
    const thinned = this.#thinned.get(kind);
    return thinned !== undefined && thinned.seen++ % thinned.stride !== 0;
  }

  wipe(): void {
    for (const { around } of this.held) around.fill(0);
  }
}

/** Length of the JWK member that the run of base64 characters at `[at, at + length)` is, or undefined. */
export function memberLength(bytes: Uint8Array, at: number, length: number): number | undefined {
  // V8 and the Java VM store the length before the characters; a run may go on into the object behind them.
  const stored = u32le(bytes, at - 4);
  const member = BYTES_BY_LENGTH.has(length) ? length : stored !== undefined && stored < length ? stored : 0;
  const size = BYTES_BY_LENGTH.get(member);
  if (size === undefined) return undefined;
  const [before, after] = [bytes[at - 1], bytes[at + member]];
  if (before === DOT || after === DOT) return undefined;
  if (LINE_LENGTHS.includes(member) && [before, after].some((char) => char === LF || char === CR)) return undefined;
  return isCanonicalEnd(bytes[at + member - 1]!, size) && isBase64url(bytes, at, at + member) ? member : undefined;
}

/** Whether the bits of the last character that encode nothing are zeros (RFC 4648, 3.5). */
function isCanonicalEnd(char: number, size: number): boolean {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const value = digits.indexOf(String.fromCharCode(char));
  return value >= 0 && value % [1, 16, 4][size % 3]! === 0;
}

/** No `+`, `/` or `=`, which a run may hold. */
function isBase64url(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const char = bytes[at]!;
    if (char === 0x2b || char === 0x2f || char === 0x3d) return false;
  }
  return true;
}
