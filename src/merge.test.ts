import { describe, expect, it } from 'vitest';
import { createMerger, unitePlaces } from './merge.ts';
import type { Finding, Place } from './model/finding.ts';

function place(start: number, end: number, more: Partial<Place> = {}): Place {
  return { input: 'a.core', start, end, detector: 'private-key-pem', form: 'pem', encoding: 'bytes', ...more };
}

function finding(more: Partial<Finding> = {}): Finding {
  return {
    detector: 'private-key-pem',
    severity: 'critical',
    verdict: 'proven',
    fingerprint: 'f1',
    traits: { algorithm: 'RSA', form: 'pem', proof: 'p*q=n', bits: 2048 },
    places: [place(0, 100)],
    ...more,
  };
}

function merge(...findings: Finding[]): Finding[] {
  const merger = createMerger();
  for (const one of findings) merger.add(one);
  return merger.findings();
}

/** All orders of a short list. */
function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

describe('unitePlaces', () => {
  it('drops what lies within another place of the same bytes', () => {
    const outer = place(10, 100);
    expect(unitePlaces([place(20, 50, { form: 'der' }), outer, place(10, 100, { detector: 'z' })])).toEqual([outer]);
  });

  it('keeps neighbours and overlaps', () => {
    const places = [place(0, 10), place(5, 15), place(15, 20)];
    expect(unitePlaces(places.toReversed())).toEqual(places);
  });

  it('tells inputs and members of containers apart', () => {
    const trail = [{ container: 'zip', member: 'm' }];
    const places = [place(0, 10), place(2, 8, { trail }), place(2, 8, { input: 'b.core' })];
    expect(unitePlaces(places)).toHaveLength(3);
  });
});

describe('createMerger', () => {
  describe('values that only look random', () => {
    const value = (i: number, more: Partial<Finding> = {}): Finding =>
      finding({
        detector: 'hex-run',
        severity: 'low',
        verdict: 'likely',
        fingerprint: `v${i}`,
        traits: { algorithm: 'opaque', form: 'hex-run', proof: 'none', bits: 256 },
        places: [place(100 * i, 100 * i + 64, { detector: 'hex-run', form: 'hex-run' })],
        ...more,
      });
    const values = (count: number): Finding[] => Array.from({ length: count }, (_, i) => value(i));

    it('are digests where one artifact has many of one size', () => {
      expect(merge(...values(4))).toHaveLength(4);
      expect(merge(...values(5))).toEqual([]);
    });

    it('are told apart by size and artifact', () => {
      const others = values(4).map((one) => ({ ...one, fingerprint: `w${one.fingerprint}` }));
      const longer = others.map((one) => ({ ...one, traits: { ...one.traits, bits: 512 } }));
      const elsewhere = others.map((one) => ({ ...one, places: one.places.map((at) => ({ ...at, input: 'b.core' })) }));
      expect(merge(...values(4), ...longer)).toHaveLength(8);
      expect(merge(...values(4), ...elsewhere)).toHaveLength(8);
      expect(merge(...values(4), ...others)).toEqual([]);
    });

    it('stay where something else speaks for them', () => {
      const named = value(20, { severity: 'medium' });
      const keyword = { detector: 'secret-keyword', traits: { ...named.traits, form: 'keyword-value' } } as const;
      const elsewhere = value(3, { places: [place(7, 71, { input: 'b.core' })] });
      const merged = merge(...values(12), named, value(5, keyword), elsewhere);
      expect(merged.map(({ fingerprint }) => fingerprint).toSorted()).toEqual(['v20', 'v3', 'v5']);
      expect(merged.find(({ fingerprint }) => fingerprint === 'v3')!.places).toEqual(elsewhere.places);
    });
  });

  it('unites sightings of one key', () => {
    const merged = merge(
      finding(),
      finding({ places: [place(200, 300)] }),
      finding({ fingerprint: 'f2', severity: 'high' }),
    );
    expect(merged.map((one) => [one.fingerprint, one.places.length])).toEqual([
      ['f1', 2],
      ['f2', 1],
    ]);
  });

  it('says the same in whatever order the sightings come', () => {
    const sightings = [
      finding({ traits: { algorithm: 'RSA', form: 'limbs', proof: 'n%p=0', bits: 2048, inventory: 'prod' } }),
      finding({ detector: 'x', traits: { algorithm: 'RSA', form: 'pem', proof: 'p*q=n', publicKeySha256: 'aa' } }),
      finding({ detector: 'y', verdict: 'likely', severity: 'low', places: [place(5, 9), place(500, 600)] }),
      finding({ detector: 'a', severity: 'high', places: [place(90, 120)] }),
    ];
    const expected = merge(...sightings);
    expect(expected).toMatchObject([
      {
        detector: 'a',
        severity: 'critical',
        verdict: 'proven',
        traits: { form: 'pem', proof: 'p*q=n', bits: 2048, inventory: 'prod', publicKeySha256: 'aa' },
      },
    ]);
    for (const order of permutations(sightings)) expect(merge(...order)).toEqual(expected);
  });

  it('lets a known test key be known, and as quiet as that', () => {
    const known = finding({ verdict: 'known', severity: 'info' });
    expect(merge(finding(), known)).toMatchObject([{ verdict: 'known', severity: 'info' }]);
  });

  it('does not mix how a key is protected into one that is not', () => {
    const locked = finding({
      verdict: 'likely',
      traits: { algorithm: 'RSA', form: 'der', proof: 'none', protection: 'pbes2' },
    });
    expect(merge(locked, finding())[0]?.traits).not.toHaveProperty('protection');
  });

  it('holds a place that is seen a million times once', () => {
    const merger = createMerger();
    for (let i = 0; i < 100_000; i++) merger.add(finding({ places: [place(0, 100), place(i % 7, 50)] }));
    expect(merger.findings()[0]?.places).toEqual([place(0, 100)]);
    expect(merger.size).toBe(1);
  });

  it('drops guesses where something better explains the bytes', () => {
    const guess = (fingerprint: string, ...places: Place[]): Finding =>
      finding({
        fingerprint,
        verdict: 'likely',
        severity: 'low',
        traits: { algorithm: 'opaque', form: 'base64-run', proof: 'none' },
        places,
      });
    const merged = merge(
      finding({ places: [place(1000, 1100), place(0, 100), place(500, 600)] }),
      guess('inside', place(520, 580)),
      guess('also outside', place(1000, 1100), place(1099, 1101)),
      guess('elsewhere', place(520, 580, { input: 'b.core' })),
    );
    expect(merged.map(({ fingerprint, places }) => [fingerprint, places.map(({ start }) => start)])).toEqual([
      ['f1', [0, 500, 1000]],
      ['also outside', [1099]],
      ['elsewhere', [520]],
    ]);
  });

  it('lets a token explain a password, and a password what only looks random', () => {
    const seen = (algorithm: 'token' | 'password' | 'opaque', start: number): Finding =>
      finding({
        fingerprint: algorithm,
        verdict: 'likely',
        traits: { algorithm, form: 'header', proof: 'none' },
        places: [place(start, 100), place(start + 1000, 1100)],
      });
    const all = merge(seen('opaque', 0), seen('password', 0), seen('token', 0));
    expect(all.map(({ fingerprint }) => fingerprint)).toEqual(['token']);
    const two = merge(seen('opaque', 10), seen('password', 0));
    expect(two.map(({ fingerprint }) => fingerprint)).toEqual(['password']);
  });

  it('leaves out the key of a random generator, in whatever order its schedules come', () => {
    const schedules = (['schedule', 'generator'] as const).map((form, i) =>
      finding({
        fingerprint: 'g',
        traits: { algorithm: 'symmetric', form, proof: 'schedule', bits: 256 },
        places: [place(500 * i, 500 * i + 240, { form })],
      }),
    );
    for (const order of permutations([...schedules, finding()])) expect(merge(...order)).toEqual([finding()]);
  });

  it('puts the loudest first', () => {
    const order = merge(
      finding({ fingerprint: 'low', severity: 'low' }),
      finding({ fingerprint: 'likely', verdict: 'likely' }),
      finding({ fingerprint: 'later', places: [place(7, 9)] }),
      finding({ fingerprint: 'first' }),
    ).map((one) => one.fingerprint);
    expect(order).toEqual(['first', 'later', 'likely', 'low']);
  });
});
