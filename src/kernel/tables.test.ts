import { describe, expect, it } from 'vitest';
import { type Anchor, defineDetector } from '../model/detector.ts';
import { TRAINED } from './generated/trained.ts';
import { createPlan, gramsOf, patternText } from './plan.ts';
import { hashTable, placeAnchors, teddyTables } from './tables.ts';

function plan(anchors: readonly Anchor[]) {
  return createPlan([
    defineDetector({
      id: 'test-anchors',
      title: '',
      doc: '',
      severity: 'info',
      anchors,
      reach: { before: 0, after: 64 },
      parse: () => undefined,
      verify: () => [],
      examples: () => ({ hits: [], misses: [] }),
    }),
  ]);
}

/** Hex of a trained pattern as an anchor. */
const trained = Object.keys(TRAINED).map((text): Anchor => ({ bytes: text.match(/../g)!.join(' ') }));
const strange = Array.from({ length: 100 }, (_, i): Anchor => ({ text: `${(i * 7919 + 1e6).toString(36)}_${i}` }));

describe('placeAnchors', () => {
  const { anchors } = plan([...trained, ...strange, { dense: 'hex-run' }]);
  const placements = placeAnchors(anchors);

  it('gives each pattern one of its grams and a bucket, dense tests nothing', () => {
    for (const [i, anchor] of anchors.entries()) {
      const placement = placements[i];
      if (anchor.dense) expect(placement).toBeUndefined();
      else {
        expect(gramsOf(anchor)).toContainEqual({ offset: placement!.offset, gram: placement!.gram });
        expect(placement!.bucket).toBeGreaterThanOrEqual(0);
        expect(placement!.bucket).toBeLessThan(8);
      }
    }
  });

  it('follows the training', () => {
    for (const [i, anchor] of anchors.entries()) {
      const known = TRAINED[patternText(anchor)];
      if (known) expect([placements[i]!.offset, placements[i]!.bucket]).toEqual(known);
    }
  });

  it('gives tables in which each gram passes its bucket', () => {
    const tables = teddyTables(placements);
    for (const placement of placements) {
      if (!placement) continue;
      let buckets = 0xff;
      for (let t = 0; t < 6; t++) buckets &= tables[t * 16 + ((placement.gram >>> (4 * t)) & 15)]!;
      expect(buckets & (1 << placement.bucket)).not.toBe(0);
    }
  });
});

describe('hashTable', () => {
  const p = plan([
    { text: 'xyz' },
    { bytes: '78 79 7A ?? 01' },
    { bytes: '01 ?? ?? 70 71 78 79 7A' },
    { text: 'wxyz' },
  ]);
  const table = (...offsets: readonly number[]) =>
    hashTable(
      { ...p, anchors: p.anchors.filter((_, i) => offsets[i] !== undefined) },
      offsets.filter((offset) => offset !== undefined).map((offset) => ({ offset, gram: 0x7a7978, bucket: 0 })),
      { headsBits: 13, base: 1000 },
    );

  it('chains grams with one hash, and pads patterns and masks with what is not compared', () => {
    const { heads, bytes, entries } = table(0, 0);
    expect(entries).toBe(2);
    expect(heads.filter((head) => head !== 0)).toEqual(Uint16Array.of(1));
    const view = new DataView(bytes.buffer);
    expect(view.getUint32(1 * 32 + 20, true)).toBe(2);
    expect([2, 3].map((entry) => view.getUint32(entry * 32 + 16, true))).toEqual([0, 1]);
    const mask = view.getUint32(3 * 32 + 8, true) - 1000;
    expect([...bytes.subarray(mask, mask + 16)]).toEqual([255, 255, 255, 0, 255, ...new Array<number>(11).fill(0)]);
  });

  it('compares early what the patterns of a chain have in common, where that is most', () => {
    const chainOf = (...offsets: readonly number[]) => {
      const chain = table(...offsets).bytes.subarray(32, 64);
      const before = chain[16]!;
      const common = [...chain.subarray(0, 8)].map((byte, i) => (chain[8 + i] === 0 ? '??' : byte.toString(16)));
      return { before, common: common.join(' ') };
    };
    expect(chainOf(0, 0)).toEqual({ before: 0, common: '78 79 7a ?? ?? ?? ?? ??' });
    const only = (index: number, offset: number) => chainOf(...new Array(index), offset);
    expect(only(1, 0)).toEqual({ before: 0, common: '78 79 7a ?? 1 ?? ?? ??' });
    expect(only(2, 5)).toEqual({ before: 5, common: '1 ?? ?? 70 71 78 79 7a' });
    expect(only(3, 1)).toEqual({ before: 1, common: '77 78 79 7a ?? ?? ?? ??' });
  });
});
