/**
 * The WASM kernel's tables for a plan. Which gram of each pattern is looked for, in which bucket, comes from training
 * (generated/trained.ts); other patterns are placed on start. Any placement is correct; a good one is fast.
 */
import { BUCKETS, Buckets, nibbleOf, type Placement } from './buckets.ts';
import { SAMPLE, TRAINED } from './generated/trained.ts';
import { gramsOf, type Plan, type PlannedAnchor, patternText } from './plan.ts';

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
  const gram = gramsOf(anchor).find((gram) => gram.offset === offset);
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

/** u16 heads, and from `base` on: entries of 32 bytes, then patterns and masks padded to 16 bytes. */
export interface HashTable {
  readonly heads: Uint16Array;
  readonly bytes: Uint8Array;
  readonly entries: number;
}

const ENTRY_BYTES = 32;

/** Layout of an entry: assembly/anchors.ts. */
export function hashTable(plan: Plan, placements: Placements, { headsBits, base }: HashLayout): HashTable {
  const heads = new Uint16Array(1 << headsBits);
  const padded = ({ bytes }: PlannedAnchor) => Math.ceil(bytes.length / 16) * 16;
  const entries = placements.filter((placement) => placement !== undefined).length;
  const patternsAt = (1 + entries) * ENTRY_BYTES;
  const patternsBytes = plan.anchors.reduce((sum, anchor) => sum + 2 * padded(anchor), 0);
  const bytes = new Uint8Array(patternsAt + patternsBytes);
  const view = new DataView(bytes.buffer);
  let pattern = patternsAt;
  let entry = 0;
  for (const [index, placement] of placements.entries()) {
    if (!placement) continue;
    const anchor = plan.anchors[index]!;
    const mask = pattern + padded(anchor);
    bytes.set(anchor.bytes, pattern);
    bytes.set(anchor.mask, mask);
    const hash = Math.imul(placement.gram, 0x9e3779b1) >>> (32 - headsBits);
    const at = ++entry * ENTRY_BYTES;
    view.setUint32(at, placement.gram, true);
    view.setUint32(at + 4, base + pattern, true);
    view.setUint32(at + 8, base + mask, true);
    view.setUint16(at + 12, placement.offset, true);
    view.setUint16(at + 14, heads[hash]!, true);
    view.setUint32(at + 16, index, true);
    view.setUint32(at + 20, anchor.bytes.length, true);
    heads[hash] = entry;
    pattern = mask + padded(anchor);
  }
  return { heads, bytes, entries };
}
