import { createECDH } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ORDERS } from '../../corpus/encode/ecdsa.ts';
import { writeNumber } from '../../corpus/encode/numbers.ts';
import { createMake } from '../../corpus/make.ts';
import { runJoin } from '../../test/support/run-join.ts';
import { SPACING, spacedWindows } from '../../test/support/spaced-windows.ts';
import type { EcKey } from '../model/make.ts';
import { RARE_CURVES } from '../proof/short-curves.ts';
import { COSTS } from './derivations.ts';
import { createEcScalarsJoin } from './ec-scalars.ts';
import type { LeadWindow } from './join.ts';
import { NUMBER_LAYOUTS } from './number-layouts.ts';
import { mostPoints } from './residue-scalars.ts';

const make = createMake('ec-scalars');
const LARGE = 1e9;
const LAYOUTS = NUMBER_LAYOUTS.map(({ id }) => id);
const CURVES = ['P-256', 'P-384', 'P-521', 'secp256k1'] as const;

const windowsOf = (values: readonly Uint8Array[], kind?: LeadWindow['lead']['kind'], first?: number): LeadWindow[] =>
  spacedWindows(make, values, kind, first);

function join(windows: readonly LeadWindow[], budget = LARGE) {
  const { claims, overBudget } = runJoin(createEcScalarsJoin({ budget }), windows);
  const found = claims.map(({ claim }) => ({ ...claim.traits, ...claim.span, verdict: claim.verdict }));
  return { overBudget, found, secrets: claims.map(({ claim }) => claim.secret) };
}

const traitsOf = (key: EcKey) => ({
  algorithm: 'EC',
  curve: key.curve,
  form: 'scalar',
  proof: 'd*G=Q',
  verdict: 'proven',
  publicKeySha256: make.publicKeySha256(key),
});
const pointOf = ({ x, y }: EcKey): Uint8Array => make.concat(Uint8Array.of(4), x, y);
const spkiOf = (key: EcKey) => windowsOf([make.spki(key)], 'public-key', 90);
const noise = () => [32, 48, 64, 72, 256].map((size) => make.bytes(size));
const PRIMES: Readonly<Record<(typeof CURVES)[number], bigint>> = {
  'P-256': 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
  'P-384': 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
  'P-521': 2n ** 521n - 1n,
  secp256k1: 2n ** 256n - 2n ** 32n - 977n,
};

it('is sure only of documents where numbers were left out: a nonce may have its point in memory', () => {
  const [key, other] = [make.ec('P-256'), make.ec('P-256')];
  const windows = [...windowsOf([key.d.slice().reverse(), pointOf(key), other.d.slice().reverse()]), ...spkiOf(other)];
  const verdicts = (isThinned: boolean) => {
    const { claims } = runJoin(createEcScalarsJoin({ budget: LARGE }), windows, isThinned);
    return new Map(
      claims.map(({ claim: { traits, verdict } }) => [traits.publicKeySha256, `${verdict}, ${traits.proof}`]),
    );
  };
  const [mine, others] = [make.publicKeySha256(key), make.publicKeySha256(other)];
  expect(Object.fromEntries(verdicts(false))).toEqual({ [mine]: 'proven, d*G=Q', [others]: 'proven, d*G=Q' });
  expect(Object.fromEntries(verdicts(true))).toEqual({ [mine]: 'likely, none', [others]: 'proven, d*G=Q' });
});

it('takes no multiple of the base point for a key that programs hold as a constant', () => {
  // A cube root of one, which the endomorphism of secp256k1 multiplies by (GLV).
  const root = 0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72n;
  for (const scalar of [root, ORDERS.secp256k1 - root, (root * root) % ORDERS.secp256k1]) {
    const bytes = make.be(scalar, 32);
    const ecdh = createECDH('secp256k1');
    ecdh.setPrivateKey(bytes);
    const point = new Uint8Array(ecdh.getPublicKey());
    expect(join(windowsOf([...noise(), bytes, point.slice(1, 33), point.slice(33), point])).found).toEqual([]);
  }
});

describe.each(CURVES)('%s', (curve) => {
  const key = make.ec(curve);
  const limbBytes = Math.ceil(key.d.length / 8) * 8;
  const limbs = (bytes: Uint8Array): Uint8Array => make.le(BigInt(`0x${make.hex(bytes)}`), limbBytes);

  it('finds the Montgomery residue of a scalar by a known point', () => {
    const residue = (BigInt(`0x${make.hex(key.d)}`) << BigInt(8 * limbBytes)) % ORDERS[curve];
    const structure = make.concat(make.le(residue, limbBytes), make.le(7n, 8), pointOf(key));
    const { found, secrets } = join(windowsOf([...noise(), structure]));
    expect(found).toMatchObject([{ ...traitsOf(key), start: 6 * SPACING }]);
    expect(secrets).toEqual([key.d]);
  });

  it('finds a scalar beside another, as allocators without headers put them', () => {
    const { found } = join(windowsOf([make.concat(limbs(make.ec(curve).d), limbs(key.d)), limbs(key.x), limbs(key.y)]));
    expect(found).toMatchObject([{ ...traitsOf(key), start: SPACING + limbBytes }]);
  });

  it.each(LAYOUTS)('finds a scalar as %s by the point of a certificate', (layout) => {
    const scalar = writeNumber(layout, key.d);
    const { found, secrets, overBudget } = join([...windowsOf([...noise(), scalar]), ...spkiOf(key)]);
    expect(found).toMatchObject([{ ...traitsOf(key), start: 6 * SPACING }]);
    expect(secrets).toEqual([key.d]);
    expect(overBudget).toBe(false);
  });

  it.each([...LAYOUTS, 'montgomery'])('finds a scalar by coordinates as %s', (layout) => {
    const write = (bytes: Uint8Array): Uint8Array =>
      layout === 'montgomery'
        ? make.le((BigInt(`0x${make.hex(bytes)}`) << BigInt(limbBytes * 8)) % PRIMES[curve], limbBytes)
        : writeNumber(layout, bytes);
    const { found } = join(windowsOf([write(key.y), limbs(key.d), ...noise(), write(key.x)]));
    expect(found).toMatchObject([{ ...traitsOf(key), start: 2 * SPACING }]);
  });

  it('finds a scalar by an encoded point, compressed or not', () => {
    const sign = Uint8Array.of(2 + (key.y.at(-1)! & 1));
    for (const point of [pointOf(key), make.concat(make.bytes(3), pointOf(key)), make.concat(sign, key.x)]) {
      expect(join(windowsOf([point, limbs(key.d)])).found).toMatchObject([traitsOf(key)]);
    }
    expect(join(windowsOf([make.concat(Uint8Array.of(sign[0]! ^ 1), key.x), limbs(key.d)])).found).toEqual([]);
  });

  it('finds the middle of a document whose ends are gone', () => {
    for (const parameters of [true, false]) {
      const document = make.sec1(key, { parameters });
      // The allocator overwrote the beginning: the version and the header of the scalar.
      const { found } = join(windowsOf([make.concat(make.bytes(1), document.slice(document.indexOf(key.d[0]!, 5)))]));
      expect(found).toMatchObject([traitsOf(key)]);
    }
  });

  it('makes no key of a nonce, a public value, or the key of another', () => {
    const other = make.ec(curve);
    for (const values of [
      [limbs(key.d), limbs(key.x)],
      [limbs(key.x), limbs(key.y), pointOf(key)],
      [limbs(other.d), pointOf(key), limbs(key.x), limbs(key.y)],
      noise(),
    ]) {
      expect(join([...windowsOf(values), ...spkiOf(make.ec(curve))])).toMatchObject({ found: [], overBudget: false });
    }
  });
});

describe.each(RARE_CURVES)('%s', (curve) => {
  const key = make.ec(curve);
  const limbBytes = Math.ceil(key.d.length / 8) * 8;
  const limbs = (bytes: Uint8Array): Uint8Array => make.le(BigInt(`0x${make.hex(bytes)}`), limbBytes);

  it('finds a scalar by the point of a certificate, by coordinates where another key names the curve, or nothing', () => {
    const numbers = windowsOf([...noise(), limbs(key.d), limbs(key.x), limbs(key.y)]);
    expect(join([...numbers, ...spkiOf(key)]).found).toMatchObject([{ ...traitsOf(key), start: 6 * SPACING }]);
    const other = make.ec(curve);
    const { found } = join([...numbers, ...spkiOf(other)]);
    // What would tell a nonce of ECDSA tells none of SM2.
    expect(found).toMatchObject(curve === 'SM2' ? [] : [traitsOf(key)]);
    expect(join(numbers).found).toEqual([]);
  });

  it('finds a Montgomery residue', () => {
    const residue = make.le((BigInt(`0x${make.hex(key.d)}`) << BigInt(8 * limbBytes)) % ORDERS[curve], limbBytes);
    expect(join([...windowsOf([...noise(), residue]), ...spkiOf(key)])).toMatchObject({
      found: [traitsOf(key)],
      secrets: [key.d],
    });
  });

  it.skipIf(curve === 'SM2')('finds the middle of a document whose ends are gone', () => {
    const document = make.sec1(key);
    const middle = document.slice(make.hex(document).indexOf(make.hex(key.d)) / 2);
    expect(join(windowsOf([make.concat(make.bytes(1), middle)])).found).toMatchObject([traitsOf(key)]);
  });
});

it('finds all places of a scalar, and keys of several curves', () => {
  const keys = CURVES.map((curve) => make.ec(curve));
  const [first] = keys as [EcKey];
  const values = [first.d, writeNumber('little-endian', first.d), ...keys.slice(1).map(({ d }) => d)];
  const { found } = join([...windowsOf(values), ...keys.flatMap(spkiOf)]);
  expect(new Set(found.map(({ curve }) => curve))).toEqual(new Set(CURVES));
  expect(found).toHaveLength(CURVES.length + 1);
});

it('finds a scalar beside others in a structure', () => {
  const key = make.ec('P-256');
  const block = make.concat(make.bytes(24), writeNumber('little-endian', key.d), make.bytes(40));
  expect(join([...windowsOf([block]), ...spkiOf(key)]).found).toMatchObject([{ start: SPACING + 24 }]);
});

it('tries the likeliest first, and says when its budget runs out', () => {
  const key = make.ec('P-384');
  const windows = windowsOf([...Array.from({ length: 40 }, () => make.bytes(152)), key.d]);
  const { found, overBudget } = join([...windows, ...spkiOf(key)], 130 * 5);
  expect(found).toMatchObject([traitsOf(key)]);
  expect(overBudget).toBe(true);
});

it('leaves a share of its budget to each curve', () => {
  const key = make.ec('P-521');
  const noise = Array.from({ length: 400 }, () => make.bytes(32));
  const windows = [
    ...windowsOf([...noise, writeNumber('little-endian', key.d)]),
    ...spkiOf(key),
    ...spkiOf(make.ec('P-256')),
  ];
  const { found, overBudget } = join(windows, COSTS['P-256'] * 400);
  expect(found).toMatchObject([traitsOf(key)]);
  expect(overBudget).toBe(true);
});

it('says that it tried residues with some of very many points only, with those of documents first', () => {
  const key = make.ec('P-256');
  const residue = (BigInt(`0x${make.hex(key.d)}`) << 256n) % ORDERS['P-256'];
  const sessions = Array.from({ length: mostPoints('P-256') }, () => pointOf(make.ec('P-256')));
  const values = [...sessions, make.le(residue, 32)];
  const { found, overBudget } = join([...windowsOf(values, 'number', 100), ...spkiOf(key)]);
  expect(found).toMatchObject([traitsOf(key)]);
  expect(overBudget).toBe(true);
  expect(join(windowsOf(values)).overBudget).toBe(false);
});
