/**
 * Patterns that many detectors share: names that are assigned to, found by their end, and runs. Told apart by their
 * beginning, in the bytes as they lie, before any detector gets a view of them.
 */
import { isDigit, isLetter } from '../bytes/ascii.ts';
import type { Target } from '../kernel/plan.ts';
import { MAX_NAME } from '../model/assignments.ts';
import type { Encoding, Span } from '../model/place.ts';
import { WIDTH } from './narrow.ts';

/** Letters, digits, `_`, `-`, `.` and `:`: what names are made of. */
const isNameChar = (char: number): boolean =>
  isLetter(char) || (char >= 0x2d && char <= 0x3a && char !== 0x2f) || char === 0x5f;

/** From the first character of the name to `at`, inside which its end begins. `at` and the span are indexes of the window. */
export function nameBefore(window: Uint8Array, first: number, at: number, encoding: Encoding): Span {
  const width = WIDTH[encoding];
  const low = encoding === 'utf-16be' ? 1 : 0;
  let start = at;
  const floor = Math.max(first, at - MAX_NAME * width);
  while (start - width >= floor) {
    const unit = start - width;
    if (!isNameChar(window[unit + low]!) || (width === 2 && window[unit + 1 - low] !== 0)) break;
    start = unit;
  }
  // The text may reach into the end that was found: `DD_API_KEY` with `_KEY=`.
  return { start, end: at + MAX_NAME * width };
}

/** Tells the targets of an assignment apart by the name: in one walk over it, however many there are. */
export class AssignedTargets {
  /** Those for any name. */
  readonly #any: readonly Target[];
  readonly #byFirst = new Map<number, Target[]>();
  readonly #width: number;
  readonly #low: number;

  /** @param targets all of one encoding, each with `assigned` */
  constructor(targets: readonly Target[], encoding: Encoding) {
    this.#width = WIDTH[encoding];
    this.#low = encoding === 'utf-16be' ? 1 : 0;
    this.#any = targets.filter(({ assigned }) => assigned?.length === 0);
    for (const target of targets) {
      const first = target.assigned?.[0];
      if (first === undefined) continue;
      const same = this.#byFirst.get(first);
      if (same) same.push(target);
      else this.#byFirst.set(first, [target]);
    }
  }

  /** Those whose text the name begins with, or one of its parts does: after `_`, `-`, `.` or `:`. */
  of(window: Uint8Array, { start, end }: Span): readonly Target[] {
    const width = this.#width;
    const low = this.#low;
    const limit = Math.min(end, window.length);
    let found: Target[] | undefined;
    for (let at = start; at + width <= limit; at += width) {
      const char = window[at + low]!;
      if (at === start || isJoint(window[at - width + low]!)) {
        for (const target of this.#byFirst.get(char) ?? NONE) {
          const text = target.assigned!;
          if (at + text.length * width > limit || found?.includes(target)) continue;
          let same = 1;
          while (same < text.length && window[at + same * width + low] === text[same]) same++;
          if (same === text.length) (found ??= [...this.#any]).push(target);
        }
      }
      // Beyond the name.
      if (!isNameChar(char)) break;
    }
    return found ?? this.#any;
  }
}

const NONE: readonly Target[] = [];

/** Most blanks between a name and its separator: columns of HCL. */
const MAX_BLANKS = 40;
/** `= " ' \` \ [ ]` after a name may lead to its value. */
const LEADS_ON = new Set([0x3d, 0x22, 0x27, 0x60, 0x5c, 0x5b, 0x5d]);
/** `= : " ' \` -` after a name and blanks. */
const LEADS_ON_AFTER_BLANKS = new Set([0x3d, 0x3a, 0x22, 0x27, 0x60, 0x2d]);

/**
 * Whether a value may follow the name whose end was found at `found`: a quick look, for most names stand in prose and code.
 * Where the name begins is looked for only when that matters. Which value it is, `assignedValue` says.
 */
export function leadsToValue(window: Uint8Array, data: Span, { start: found, end }: Span, encoding: Encoding): boolean {
  const width = WIDTH[encoding];
  const low = encoding === 'utf-16be' ? 1 : 0;
  /** -1 beyond the data. */
  const charAt = (at: number): number => (at >= data.start && at + width <= data.end ? window[at + low]! : -1);
  // The separator was found with it.
  const last = charAt(end - width) | 0x20;
  if (last < 0x61 || last > 0x7a) return true;
  let at = end;
  // `password1`, `secrets`
  for (let digits = 0; digits < 2 && isDigit(charAt(at)); digits++) at += width;
  if (charAt(at) === 0x73) at += width;
  const char = charAt(at);
  if (LEADS_ON.has(char) || char === 0x3a) return true;
  const start = (): number => nameBefore(window, data.start, found, encoding).start;
  const isOption = (): boolean => charAt(start()) === 0x2d;
  if (char === 0x00) return isOption();
  if (char === 0x3e) return charAt(start() - width) === 0x3c || charAt(start()) === 0x3a;
  if (char === 0x28) return LEADS_ON.has(charAt(at + width));
  const isLine = char === 0x0a || char === 0x0d;
  if (!isLine && char !== 0x20 && char !== 0x09) return false;
  if (!isLine && isOption()) return true;
  const limit = at + MAX_BLANKS * width;
  while (at < limit && isSpace(charAt(at))) at += width;
  // On the next line only `value:`.
  return isLine ? (charAt(at) | 0x20) === 0x76 : LEADS_ON_AFTER_BLANKS.has(charAt(at));
}

const isSpace = (char: number): boolean => char === 0x20 || char === 0x09 || char === 0x0a || char === 0x0d;

const isJoint = (char: number): boolean => char === 0x5f || char === 0x2d || char === 0x2e || char === 0x3a;

/** Characters of an escape that a run may begin with: `u003d`. */
const ESCAPE_CHARS = 6;

/** Whether the run at `at` begins with the text, but for an escape, or (hex digits) has it right before. */
export function runBegins(window: Uint8Array, at: number, before: boolean, text: Uint8Array): boolean {
  const first = before ? at - text.length : at;
  for (let start = first; start <= (before ? first : at + ESCAPE_CHARS); start++) {
    let same = 0;
    while (same < text.length && window[start + same] === text[same]) same++;
    if (same === text.length) return start >= 0;
  }
  return false;
}
