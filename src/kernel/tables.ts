/**
 * The WASM kernel's tables for a plan. Which gram of each pattern is looked for, in which bucket, comes from training
 * (generated/trained.ts); other patterns are placed on start. Any placement is correct; a good one is fast.
 */
import { BUCKETS, Buckets, countBits, nibbleOf, type Placement } from './buckets.ts';
import { SAMPLE, TRAINED } from './generated/trained.ts';
import { gramAt, gramsOf, type Plan, type PlannedAnchor, patternText } from './plan.ts';

/** By anchor; undefined for dense tests. */
export type Placements = readonly (Placement | undefined)[];

export function placeAnchors(anchors: readonly PlannedAnchor[]): Placements {
  const placements = anchors.map((anchor) => (anchor.dense ? undefined : trainedPlacement(anchor)));
  const open = [...anchors.keys()].filter((i) => !anchors[i]!.dense && !placements[i]);
  if (open.length === 0) return placements;
  const buckets = new Buckets(decodeGrams(SAMPLE));
  buckets.add(...placements.filter((placement) => placement !== undefined));
  for (const i of open) {
    const placement = buckets.cheapest(gramsOf(anchors[i]!));
    buckets.add(placement);
    placements[i] = placement;
  }
  return placements;
}

/** From the last training; undefined for patterns that are newer. */
export function trainedPlacement(anchor: PlannedAnchor): Placement | undefined {
  const trained = TRAINED[patternText(anchor)];
  if (!trained) return undefined;
  const [offset, bucket] = trained;
  const gram = gramAt(anchor, offset);
  return gram && { ...gram, bucket };
}

/** Grams as base64 of three bytes each. */
function decodeGrams(text: string): Uint32Array {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return Uint32Array.from({ length: bytes.length / 3 }, (_, i) => {
    return bytes[3 * i]! | (bytes[3 * i + 1]! << 8) | (bytes[3 * i + 2]! << 16);
  });
}

/** Teddy's six tables of 16 bytes: bit b of `table[t][n]` is set when bucket b has a gram with nibble n in test t. */
export function teddyTables(placements: Placements): Uint8Array {
  const tables = new Uint8Array(6 * 16);
  for (const placement of placements) {
    if (!placement) continue;
    for (let t = 0; t < 6; t++) tables[t * 16 + nibbleOf(placement.gram, t)]! |= 1 << (placement.bucket % BUCKETS);
  }
  return tables;
}

/** Where the kernel reads its hash table; `base` is the address of entry 0, which is never used. */
export interface HashLayout {
  readonly headsBits: number;
  readonly base: number;
}

/** u16 heads, and from `base` on: chains and entries of 32 bytes, then patterns and masks padded to 16 bytes. */
export interface HashTable {
  readonly heads: Uint16Array;
  readonly bytes: Uint8Array;
  readonly entries: number;
}

const ENTRY_BYTES = 32;

/** Layout of chains and entries: assembly/anchors.ts. */
export function hashTable(plan: Plan, placements: Placements, { headsBits, base }: HashLayout): HashTable {
  const heads = new Uint16Array(1 << headsBits);
  const chains = new Map<number, number[]>();
  for (const [index, placement] of placements.entries()) {
    if (!placement) continue;
    const hash = Math.imul(placement.gram, 0x9e3779b1) >>> (32 - headsBits);
    const chain = chains.get(hash);
    if (chain) chain.push(index);
    else chains.set(hash, [index]);
  }
  const padded = ({ bytes }: PlannedAnchor) => Math.ceil(bytes.length / 16) * 16;
  const entries = placements.filter((placement) => placement !== undefined).length;
  const patternsAt = (1 + chains.size + entries) * ENTRY_BYTES;
  const patternsBytes = plan.anchors.reduce((sum, anchor) => sum + 2 * padded(anchor), 0);
  const bytes = new Uint8Array(patternsAt + patternsBytes);
  const view = new DataView(bytes.buffer);
  let pattern = patternsAt;
  let slot = 1;
  for (const [hash, indexes] of chains) {
    heads[hash] = slot;
    const common = commonBytes(
      indexes.map((index) => ({ ...plan.anchors[index]!, offset: placements[index]!.offset })),
    );
    const chain = slot++ * ENTRY_BYTES;
    bytes.set(common.bytes, chain);
    bytes.set(common.mask, chain + 8);
    view.setUint32(chain + 16, common.before, true);
    view.setUint32(chain + 20, indexes.length, true);
    for (const index of indexes) {
      const anchor = plan.anchors[index]!;
      const { gram, offset } = placements[index]!;
      const mask = pattern + padded(anchor);
      bytes.set(anchor.bytes, pattern);
      bytes.set(anchor.mask, mask);
      const at = slot++ * ENTRY_BYTES;
      view.setUint32(at, gram, true);
      view.setUint32(at + 4, base + pattern, true);
      view.setUint32(at + 8, base + mask, true);
      view.setUint32(at + 12, offset, true);
      view.setUint32(at + 16, index, true);
      view.setUint32(at + 20, anchor.bytes.length, true);
      pattern = mask + padded(anchor);
    }
  }
  return { heads, bytes, entries };
}

/** Bytes that are compared at once with what the patterns of a chain have in common. */
const WORD_BYTES = 8;
const GRAM_BYTES = 3;

interface Common {
  /** The bits of the mask are the same in all patterns. */
  readonly bytes: Uint8Array;
  readonly mask: Uint8Array;
  /** How many of the bytes lie before the gram. */
  readonly before: number;
}

type Placed = Pick<PlannedAnchor, 'bytes' | 'mask'> & { readonly offset: number };

/** Where eight bytes around the gram have the most bits in common. */
function commonBytes(patterns: readonly Placed[]): Common {
  const most = WORD_BYTES - GRAM_BYTES;
  const length = most + WORD_BYTES;
  const bytes = new Uint8Array(length);
  const mask = new Uint8Array(length).fill(0xff);
  for (const [i, pattern] of patterns.entries()) {
    for (let k = 0, at = pattern.offset - most; k < length; k++, at++) {
      const byte = pattern.bytes[at] ?? 0;
      if (i === 0) bytes[k] = byte;
      mask[k]! &= (pattern.mask[at] ?? 0) & ~(bytes[k]! ^ byte);
    }
  }
  let best = { bits: -1, before: 0 };
  for (let before = 0; before <= most; before++) {
    let bits = 0;
    for (let k = most - before; k < length - before; k++) bits += countBits(mask[k]!);
    if (bits > best.bits) best = { bits, before };
  }
  const from = most - best.before;
  return {
    bytes: bytes.subarray(from, from + WORD_BYTES),
    mask: mask.subarray(from, from + WORD_BYTES),
    before: best.before,
  };
}
