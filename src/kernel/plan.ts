/**
 * Turns the anchors of all detectors into one search plan. Equal byte patterns of several detectors become one
 * anchor with several targets; wide text becomes three or five patterns.
 */
import { ASSIGNMENTS } from '../model/assignments.ts';
import { type Anchor, type DenseTest, type Detector, MAX_REACH_BYTES } from '../model/detector.ts';
import { UsageError } from '../model/errors.ts';
import { ENCODINGS, type Encoding } from '../model/place.ts';
import { NUMBER_REACH_BYTES } from './numbers.ts';

/** What the kernel must know of a detector. */
export type Sought = Pick<Detector, 'id' | 'anchors' | 'reach'>;

/** Who gets a hit. */
export interface Target {
  /** Index into the list that the plan was made of. */
  readonly detector: number;
  /** Index into the detector's `anchors`. */
  readonly anchor: number;
  /** How the matched text is stored; `bytes` for byte patterns and 1-byte text. */
  readonly encoding: Encoding;
  /** What the name that is assigned to must begin with, one byte per character. */
  readonly assigned?: Uint8Array;
  /** What the run must begin with, or what must stand before it: one byte per character. */
  readonly begins?: Uint8Array;
}

export interface PlannedAnchor {
  /**
   * Pattern bytes; of `bytes[i]` the bits of `mask[i]` count: 0xff for all, 0x00 for a wildcard, 0xdf for a letter in either
   * case. Empty for a dense test.
   */
  readonly bytes: Uint8Array;
  readonly mask: Uint8Array;
  readonly dense?: DenseTest;
  /** Empty for what the engine itself asks for: what becomes leads. */
  readonly targets: readonly Target[];
}

export interface Plan {
  readonly anchors: readonly PlannedAnchor[];
  /** Widest reach of all detectors, and of number runs, in bytes of the input. */
  readonly reachBytes: number;
}

/** Three fixed bytes of a pattern, found first by the kernels. `gram` holds them little-endian. */
export interface Gram {
  /** Index of the first of the three in the pattern. */
  readonly offset: number;
  readonly gram: number;
}

/** Patterns are compared whole at each candidate, and matches must end within the margin. */
const MAX_PATTERN_BYTES = 1024;
/** The kernel looks for a gram's last byte up to 64 bytes after the chunk. */
const MAX_GRAM_OFFSET = 60;

/**
 * Throws UsageError, naming detector and anchor, when an anchor can't be searched for: malformed, longer than
 * `MAX_PATTERN_BYTES`, or without three fixed bytes in a row, the last of them not 00, among the first 63.
 *
 * Wide text matches with all its bytes: UTF-16LE and UTF-32LE forms end in zero bytes, which belong to the match
 * (its length is that of the text in every encoding) but never to the gram that the kernel looks for.
 *
 * @param leads look as well for what no detector takes, and only joins ask for
 */
export function createPlan(detectors: readonly Sought[], { leads = false }: { leads?: boolean } = {}): Plan {
  const anchors = new Map<string, PlannedAnchor & { readonly targets: Target[] }>();
  const add = (key: string, pattern: Omit<PlannedAnchor, 'targets'>, target: Target) => {
    const known = anchors.get(key);
    if (known) known.targets.push(target);
    else anchors.set(key, { ...pattern, targets: [target] });
  };
  for (const [d, detector] of detectors.entries()) {
    for (const [a, anchor] of detector.anchors.entries()) {
      const name = `detector ${detector.id}, anchor ${a}`;
      if ('dense' in anchor) {
        add(anchor.dense, densePattern(anchor.dense), { detector: d, anchor: a, encoding: 'bytes' });
        continue;
      }
      if ('run' in anchor) {
        const begins = encodeText(anchor.begins, 'bytes');
        add(anchor.run, densePattern(anchor.run), { detector: d, anchor: a, encoding: 'bytes', begins });
        continue;
      }
      if ('assigned' in anchor) {
        const assigned = encodeText(anchor.assigned, 'bytes');
        for (const { text, pattern, encoding } of listAssignments()) {
          add(text, pattern, { detector: d, anchor: a, encoding, assigned });
        }
        continue;
      }
      for (const { encoding, bytes, mask } of patternsOf(anchor, name)) {
        const pattern = { bytes, mask };
        if (bytes.length > MAX_PATTERN_BYTES) throw new UsageError(`${name}: longer than ${MAX_PATTERN_BYTES} bytes`);
        if (!hasGram(pattern)) {
          throw new UsageError(`${name}: needs three fixed bytes in a row, the last not 00, among its first 63`);
        }
        add(patternText(pattern), pattern, { detector: d, anchor: a, encoding });
      }
    }
  }
  for (const dense of leads ? LEADS : []) {
    if (!anchors.has(dense)) anchors.set(dense, { ...densePattern(dense), targets: [] });
  }
  const numbersReach = anchors.has('number-run') ? NUMBER_REACH_BYTES : 0;
  return { anchors: [...anchors.values()], reachBytes: Math.max(numbersReach, ...detectors.map(reachOf)) };
}

const LEADS: readonly DenseTest[] = ['number-run', 'wide-run'];

function densePattern(dense: DenseTest): Omit<PlannedAnchor, 'targets'> {
  return { bytes: new Uint8Array(0), mask: new Uint8Array(0), dense };
}

type Masked = Pick<PlannedAnchor, 'bytes' | 'mask'>;

/** The gram at `offset`, when a kernel may look for it: none ends in a zero byte, since empty pages are skipped. */
export function gramAt({ bytes, mask }: Masked, offset: number): Gram | undefined {
  if (offset > Math.min(bytes.length - 3, MAX_GRAM_OFFSET)) return undefined;
  const fixed = mask[offset]! & mask[offset + 1]! & mask[offset + 2]!;
  if (fixed !== 0xff || bytes[offset + 2] === 0) return undefined;
  return { offset, gram: bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16) };
}

/** All grams that a kernel may look for. */
export function gramsOf(pattern: Masked): Gram[] {
  const grams: Gram[] = [];
  for (let offset = 0; offset + 3 <= pattern.bytes.length; offset++) {
    const gram = gramAt(pattern, offset);
    if (gram) grams.push(gram);
  }
  return grams;
}

function hasGram(pattern: Masked): boolean {
  for (let offset = 0; offset + 3 <= pattern.bytes.length; offset++) if (gramAt(pattern, offset)) return true;
  return false;
}

const HEX_PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The pattern as in `Anchor.bytes`, without spaces: `3082????02`. A letter in either case has a `~` behind it. */
export function patternText({ bytes, mask }: Masked): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) {
    text += mask[i] === 0 ? '??' : mask[i] === 0xff ? HEX_PAIRS[bytes[i]!] : `${HEX_PAIRS[bytes[i]!]}~`;
  }
  return text;
}

/** The encodings that an anchor is searched for in. */
export function encodingsOf(anchor: Anchor): readonly Encoding[] {
  if ('assigned' in anchor) return UTF_16;
  if (!('text' in anchor) || !anchor.wide) return ['bytes'];
  return anchor.wide === 'utf-16' ? UTF_16 : ENCODINGS;
}

const UTF_16: readonly Encoding[] = ['bytes', 'utf-16le', 'utf-16be'];

function reachOf({ reach, anchors }: Sought): number {
  const widths = anchors.flatMap(encodingsOf).map((encoding) => LAYOUT[encoding].width);
  return Math.min(MAX_REACH_BYTES, Math.max(reach.before, reach.after) * Math.max(1, ...widths));
}

type Pattern = { readonly encoding: Encoding; readonly bytes: Uint8Array; readonly mask: Uint8Array };

function patternsOf(
  anchor: Exclude<Anchor, { dense: DenseTest } | { assigned: string } | { run: DenseTest }>,
  name: string,
): Pattern[] {
  if ('bytes' in anchor) return [parseBytes(anchor.bytes, name)];
  const { text } = anchor;
  if (!/^[\x01-\xff]+$/.test(text)) throw new UsageError(`${name}: text must be Latin-1 characters, at least one`);
  return encodingsOf(anchor).flatMap((encoding) => {
    const bytes = encodeText(text, encoding);
    const pattern = { encoding, bytes, mask: new Uint8Array(bytes.length).fill(0xff) };
    return anchor.ignoreCase ? inEachCase(pattern) : [pattern];
  });
}

const isLetter = (byte: number): boolean => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
const CASE_BIT = 0x20;

/** The kernel finds grams as they are: patterns with one gram in each case, the one with the fewest letters. */
function inEachCase(pattern: Pattern): Pattern[] {
  const grams = gramsOf(pattern);
  if (grams.length === 0) return [pattern];
  const lettersOf = ({ offset }: Gram): number[] =>
    [offset, offset + 1, offset + 2].filter((i) => isLetter(pattern.bytes[i]!));
  const letters = grams.map(lettersOf).reduce((best, some) => (some.length < best.length ? some : best));
  const gram = grams.find((one) => lettersOf(one).join() === letters.join())!;
  return Array.from({ length: 1 << letters.length }, (_, cases) => {
    const bytes = pattern.bytes.map((byte) => (isLetter(byte) ? byte | CASE_BIT : byte));
    const mask = pattern.bytes.map((byte, i) =>
      isLetter(byte) && (i < gram.offset || i > gram.offset + 2) ? 0xff & ~CASE_BIT : 0xff,
    );
    for (const [bit, i] of letters.entries()) if ((cases >> bit) & 1) bytes[i]! &= ~CASE_BIT;
    return { ...pattern, bytes, mask };
  });
}

interface AssignmentPattern {
  readonly text: string;
  readonly pattern: Omit<PlannedAnchor, 'targets'>;
  readonly encoding: Encoding;
}

let assignments: readonly AssignmentPattern[] | undefined;

/** The patterns of all assignments, made once: a hundred detectors ask for them. */
function listAssignments(): readonly AssignmentPattern[] {
  assignments ??= ASSIGNMENTS.flatMap((text) => patternsOf({ text, wide: 'utf-16' }, text)).map(
    ({ encoding, bytes, mask }) => ({ text: patternText({ bytes, mask }), pattern: { bytes, mask }, encoding }),
  );
  return assignments;
}

function parseBytes(hex: string, name: string): Pattern {
  if (!/^(?:[0-9A-Fa-f]{2}|\?\?)(?: (?:[0-9A-Fa-f]{2}|\?\?))*$/.test(hex)) {
    throw new UsageError(`${name}: bytes must be hex pairs or ?? separated by single spaces`);
  }
  const pairs = hex.split(' ');
  if (pairs[0] === '??' || pairs.at(-1) === '??') {
    throw new UsageError(`${name}: bytes must begin and end with a fixed byte`);
  }
  return {
    encoding: 'bytes',
    bytes: Uint8Array.from(pairs, (pair) => (pair === '??' ? 0 : Number.parseInt(pair, 16))),
    mask: Uint8Array.from(pairs, (pair) => (pair === '??' ? 0 : 0xff)),
  };
}

/** Bytes per character, and which of them holds the Latin-1 code. */
const LAYOUT: Readonly<Record<Encoding, { readonly width: number; readonly at: number }>> = {
  bytes: { width: 1, at: 0 },
  'utf-16le': { width: 2, at: 0 },
  'utf-16be': { width: 2, at: 1 },
  'utf-32le': { width: 4, at: 0 },
  'utf-32be': { width: 4, at: 3 },
};

function encodeText(text: string, encoding: Encoding): Uint8Array {
  const { width, at } = LAYOUT[encoding];
  const bytes = new Uint8Array(text.length * width);
  for (let i = 0; i < text.length; i++) bytes[i * width + at] = text.charCodeAt(i);
  return bytes;
}
