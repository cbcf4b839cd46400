/**
 * Turns the anchors of all detectors into one search plan. Equal byte patterns of several detectors become one
 * anchor with several targets; wide text becomes three or five patterns.
 */
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
}

export interface PlannedAnchor {
  /** Pattern bytes; `mask[i]` is 0xff where `bytes[i]` counts and 0x00 for a wildcard. Empty for a dense test. */
  readonly bytes: Uint8Array;
  readonly mask: Uint8Array;
  readonly dense?: DenseTest;
  /** Empty for what the engine itself asks for: number runs, which become leads. */
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
 * @param leads look for number runs as well, which no detector takes
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
      for (const { encoding, bytes, mask } of patternsOf(anchor, name)) {
        const pattern = { bytes, mask };
        if (bytes.length > MAX_PATTERN_BYTES) throw new UsageError(`${name}: longer than ${MAX_PATTERN_BYTES} bytes`);
        if (gramsOf(pattern).length === 0) {
          throw new UsageError(`${name}: needs three fixed bytes in a row, the last not 00, among its first 63`);
        }
        add(patternText(pattern), pattern, { detector: d, anchor: a, encoding });
      }
    }
  }
  if (leads && !anchors.has('number-run')) anchors.set('number-run', { ...densePattern('number-run'), targets: [] });
  const numbersReach = anchors.has('number-run') ? NUMBER_REACH_BYTES : 0;
  return { anchors: [...anchors.values()], reachBytes: Math.max(numbersReach, ...detectors.map(reachOf)) };
}

function densePattern(dense: DenseTest): Omit<PlannedAnchor, 'targets'> {
  return { bytes: new Uint8Array(0), mask: new Uint8Array(0), dense };
}

/** All grams that a kernel may look for: none ends in a zero byte, since empty pages are skipped. */
export function gramsOf({ bytes, mask }: Pick<PlannedAnchor, 'bytes' | 'mask'>): Gram[] {
  const grams: Gram[] = [];
  for (let offset = 0; offset <= Math.min(bytes.length - 3, MAX_GRAM_OFFSET); offset++) {
    const fixed = mask[offset]! & mask[offset + 1]! & mask[offset + 2]!;
    if (fixed === 0 || bytes[offset + 2] === 0) continue;
    grams.push({ offset, gram: bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16) });
  }
  return grams;
}

const HEX_PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The pattern as in `Anchor.bytes`, without spaces: `3082????02`. */
export function patternText({ bytes, mask }: Pick<PlannedAnchor, 'bytes' | 'mask'>): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += mask[i] === 0 ? '??' : HEX_PAIRS[bytes[i]!];
  return text;
}

/** The encodings that an anchor is searched for in. */
export function encodingsOf(anchor: Anchor): readonly Encoding[] {
  if (!('text' in anchor) || !anchor.wide) return ['bytes'];
  return anchor.wide === 'utf-16' ? ['bytes', 'utf-16le', 'utf-16be'] : ENCODINGS;
}

function reachOf({ reach, anchors }: Sought): number {
  const widths = anchors.flatMap(encodingsOf).map((encoding) => LAYOUT[encoding].width);
  return Math.min(MAX_REACH_BYTES, Math.max(reach.before, reach.after) * Math.max(1, ...widths));
}

type Pattern = { readonly encoding: Encoding; readonly bytes: Uint8Array; readonly mask: Uint8Array };

function patternsOf(anchor: Exclude<Anchor, { dense: DenseTest }>, name: string): Pattern[] {
  if ('bytes' in anchor) return [parseBytes(anchor.bytes, name)];
  const { text } = anchor;
  if (!/^[\x01-\xff]+$/.test(text)) throw new UsageError(`${name}: text must be Latin-1 characters, at least one`);
  return encodingsOf(anchor).map((encoding) => {
    const bytes = encodeText(text, encoding);
    return { encoding, bytes, mask: new Uint8Array(bytes.length).fill(0xff) };
  });
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
