import { describe, expect, it } from 'vitest';
import { type Anchor, type Detector, defineDetector } from '../model/detector.ts';
import { UsageError } from '../model/errors.ts';
import { createPlan, gramsOf, patternText } from './plan.ts';

function detector(anchors: readonly Anchor[], reach: Detector['reach'] = { before: 0, after: 100 }, id = 'some-keys') {
  return defineDetector({
    id,
    title: '',
    doc: '',
    severity: 'info',
    anchors,
    reach,
    parse: () => undefined,
    verify: () => [],
    examples: () => ({ hits: [], misses: [] }),
  });
}

const patterns = (...anchors: Anchor[]) =>
  createPlan([detector(anchors)]).anchors.map((anchor) => [anchor.targets[0]!.encoding, patternText(anchor)]);

describe('createPlan', () => {
  it('takes text as Latin-1', () => {
    expect(patterns({ text: 'key?\xff' })).toEqual([['bytes', '6b65793fff']]);
  });

  it('expands wide text into five encodings, zero bytes at the end included', () => {
    expect(patterns({ text: 'p=q', wide: true })).toEqual([
      ['bytes', '703d71'],
      ['utf-16le', '70003d007100'],
      ['utf-16be', '0070003d0071'],
      ['utf-32le', '700000003d00000071000000'],
      ['utf-32be', '000000700000003d00000071'],
    ]);
  });

  it('leaves UTF-32 out when asked to', () => {
    expect(patterns({ text: 'p=q', wide: 'utf-16' }).map(([encoding]) => encoding)).toEqual([
      'bytes',
      'utf-16le',
      'utf-16be',
    ]);
  });

  it('finds letters in either case by the gram with the fewest', () => {
    expect(patterns({ text: 'aPi_key', ignoreCase: true })).toEqual([
      ['bytes', '61~70695f6b~65~79~'],
      ['bytes', '61~50695f6b~65~79~'],
      ['bytes', '61~70495f6b~65~79~'],
      ['bytes', '61~50495f6b~65~79~'],
    ]);
    expect(patterns({ text: '12-', ignoreCase: true })).toEqual([['bytes', '31322d']]);
    expect(patterns({ text: 'k=v', ignoreCase: true, wide: 'utf-16' }).map(([, text]) => text)).toContain(
      '4b003d0076~00',
    );
  });

  it('reads hex pairs in either case, and wildcards', () => {
    expect(patterns({ bytes: '30 82 ?? ?? 02 01 00 fF' })).toEqual([['bytes', '3082????020100ff']]);
  });

  it('tells a wildcard from a zero byte', () => {
    expect(createPlan([detector([{ bytes: '61 62 63 ?? 64' }, { bytes: '61 62 63 00 64' }])]).anchors).toHaveLength(2);
  });

  it('merges equal patterns of several anchors and detectors', () => {
    const { anchors } = createPlan([
      detector([{ text: '"kty"' }, { dense: 'hex-run' }]),
      detector([{ dense: 'hex-run' }, { bytes: '22 6b 74 79 22' }, { text: '"kty"', wide: true }]),
    ]);
    expect(anchors).toHaveLength(6);
    expect(anchors[0]!.targets).toEqual([
      { detector: 0, anchor: 0, encoding: 'bytes' },
      { detector: 1, anchor: 1, encoding: 'bytes' },
      { detector: 1, anchor: 2, encoding: 'bytes' },
    ]);
    expect(anchors[1]).toMatchObject({ dense: 'hex-run', targets: [{ detector: 0 }, { detector: 1, anchor: 0 }] });
  });

  it.each<[string, Anchor]>([
    ['two bytes', { text: 'ab' }],
    ['no text', { text: '' }],
    ['text beyond Latin-1', { text: 'key\u20ac' }],
    ['one wide character', { text: 'a', wide: true }],
    ['no three fixed bytes in a row', { bytes: '30 82 ?? 02 82 ?? 01 02' }],
    ['only runs that end in zero', { bytes: '01 02 00 ?? 03 04 00' }],
    ['a wildcard at its start', { bytes: '?? 01 02 03' }],
    ['a wildcard at its end', { bytes: '01 02 03 ??' }],
    ['half a pair', { bytes: '01 02 3' }],
    ['an empty pattern', { bytes: '' }],
    ['its only three fixed bytes too far on', { bytes: `01${' ??'.repeat(62)} 01 02 03` }],
    ['more than 1024 bytes', { text: 'a'.repeat(1025) }],
  ])('refuses %s, and says where', (_, anchor) => {
    const create = () => createPlan([detector([{ text: 'fine' }, anchor], undefined, 'odd-one')]);
    expect(create).toThrow(UsageError);
    expect(create).toThrow(/^detector odd-one, anchor 1: /);
  });

  it('takes the widest reach, in bytes of the input', () => {
    const narrow = detector([{ text: 'abc' }], { before: 300, after: 100 });
    const wide = detector([{ text: 'abc', wide: true }], { before: 10, after: 90 });
    expect(createPlan([]).reachBytes).toBe(0);
    expect(createPlan([narrow]).reachBytes).toBe(300);
    const utf16 = detector([{ text: 'abc', wide: 'utf-16' }], { before: 10, after: 90 });
    expect(createPlan([narrow, wide]).reachBytes).toBe(360);
    expect(createPlan([utf16]).reachBytes).toBe(180);
    expect(createPlan([detector([{ text: 'abc', wide: true }], { before: 0, after: 40_000 })]).reachBytes).toBe(65_536);
  });
});

describe('leads', () => {
  it('are asked for by the engine, not by a detector', () => {
    const { anchors, reachBytes } = createPlan([detector([{ text: 'abc' }])], { leads: true });
    expect(anchors.map(({ dense, targets }) => [dense, targets.length])).toEqual([
      [undefined, 1],
      ['number-run', 0],
      ['wide-run', 0],
    ]);
    expect(reachBytes).toBeGreaterThan(32_768);
    expect(createPlan([detector([{ text: 'abc' }])]).anchors).toHaveLength(1);
  });

  it('share the test with a detector that asks for it', () => {
    const { anchors } = createPlan([detector([{ dense: 'number-run' }])], { leads: true });
    expect(anchors).toMatchObject([
      { dense: 'number-run', targets: [{ detector: 0 }] },
      { dense: 'wide-run', targets: [] },
    ]);
  });
});

describe('gramsOf', () => {
  it('lists three fixed bytes in a row that do not end in zero, little-endian', () => {
    const [anchor] = createPlan([detector([{ bytes: '30 82 ?? 02 01 00 05 06' }])]).anchors;
    expect(gramsOf(anchor!)).toEqual([
      { offset: 4, gram: 0x050001 },
      { offset: 5, gram: 0x060500 },
    ]);
  });
});
