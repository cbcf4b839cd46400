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
  it('chains grams with one hash, and pads patterns and masks with what is not compared', () => {
    const p = plan([{ text: 'xyz' }, { bytes: '78 79 7A ?? 01' }]);
    const grams = [0x7a7978, 0x7a7978].map((gram) => ({ offset: 0, gram, bucket: 0 }));
    const { heads, bytes, entries } = hashTable(p, grams, { headsBits: 13, base: 1000 });
    expect(entries).toBe(2);
    expect(heads.filter((head) => head !== 0)).toEqual(Uint16Array.of(2));
    const view = new DataView(bytes.buffer);
    expect(view.getUint16(2 * 32 + 14, true)).toBe(1);
    expect(view.getUint16(1 * 32 + 14, true)).toBe(0);
    const mask = view.getUint32(2 * 32 + 8, true) - 1000;
    expect([...bytes.subarray(mask, mask + 16)]).toEqual([255, 255, 255, 0, 255, ...new Array<number>(11).fill(0)]);
  });
});
