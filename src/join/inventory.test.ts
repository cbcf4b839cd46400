import { describe, expect, it } from 'vitest';
import { writeNumber } from '../../corpus/encode/numbers.ts';
import { createMake } from '../../corpus/make.ts';
import { runJoin } from '../../test/support/run-join.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import type { EcKey, OkpKey, RsaKey } from '../model/make.ts';
import { ed25519PublicKeyOf } from '../proof/edwards25519.ts';
import { createPublicInventory } from '../proof/public-inventory.ts';
import { createInventoryJoin, type InventoryBudget } from './inventory.ts';
import { createWindow, type LeadWindow } from './join.ts';
import { NUMBER_LAYOUTS } from './number-layouts.ts';

const make = createMake('join-inventory');
const LARGE: InventoryBudget = { reads: 1e7, factors: 1e7, exponents: 1e7, derivations: 1e8 };
const LAYOUTS = NUMBER_LAYOUTS.map(({ id }) => id);

function entryOf(key: RsaKey | EcKey | OkpKey, label = 'key'): InventoryEntry {
  const { kty, n, e, crv, x, y } = make.jwk(key);
  const members = { RSA: { n, e }, EC: { crv, x, y }, OKP: { crv, x } }[kty as 'RSA' | 'EC' | 'OKP'];
  return {
    label,
    source: 'jwk',
    publicKeySha256: make.publicKeySha256(key),
    key: { kty, ...members } as NonNullable<InventoryEntry['key']>,
  };
}

const START = 0x10000;
const windowOf = (bytes: Uint8Array, kind: LeadWindow['lead']['kind'] = 'number', start = START): LeadWindow =>
  createWindow({ kind, encoding: 'bytes', start, end: start + bytes.length }, bytes, 0);

function join(keys: readonly (RsaKey | EcKey | OkpKey)[], windows: readonly LeadWindow[], budget = LARGE) {
  const { claims, overBudget } = runJoin(
    createInventoryJoin(createPublicInventory(keys.map((key) => entryOf(key))), budget),
    windows,
  );
  return {
    overBudget,
    secrets: claims.map(({ claim }) => claim.secret),
    found: claims.map(({ claim }) => ({ ...claim.traits, ...claim.span, verdict: claim.verdict })),
  };
}

describe('RSA', () => {
  const keys = [make.rsa(2048), make.rsa(2048), make.rsa(1024)];
  const key = keys[1]!;
  const traits = { algorithm: 'RSA', form: 'limbs', bits: 2048, publicKeySha256: make.publicKeySha256(key) };

  it.each(LAYOUTS)('finds a prime alone, as %s', (layout) => {
    for (const prime of [key.p, key.q]) {
      const bytes = writeNumber(layout, make.be(prime, 128));
      const { found, secrets } = join(keys, [windowOf(make.bytes(512)), windowOf(bytes, 'number', 4 * START)]);
      expect(found).toMatchObject([
        { ...traits, proof: 'n%p=0', verdict: 'proven', start: 4 * START, end: 4 * START + bytes.length },
      ]);
      expect(secrets).toEqual([make.secret(key)]);
    }
  });

  it.each(LAYOUTS)('finds the private exponent alone, as %s', (layout) => {
    const phi = (key.p - 1n) * (key.q - 1n);
    const { d: small } = key;
    const large = small + (phi > small * 2n ? phi / 2n : 0n);
    expect((large * key.e) % (key.p - 1n)).toBe(1n);
    for (const d of new Set([small, large])) {
      const { found } = join(keys, [windowOf(writeNumber(layout, make.be(d, 256)))]);
      expect(found).toMatchObject([{ ...traits, proof: 'd*e=1', verdict: 'proven' }]);
    }
  });

  it.each([
    ['little-endian', 24],
    ['little-endian', 8],
    ['java-ints', 12],
    ['cpython-digits', 4],
    ['big-endian', 1],
    ['big-endian', 7],
  ])('finds %s numbers at offset %d of a longer lead', (layout, at) => {
    const bytes = writeNumber(layout, make.be(key.q, 128));
    const window = windowOf(make.concat(make.bytes(at), bytes, make.bytes(40)));
    expect(join(keys, [window]).found).toMatchObject([
      { ...traits, start: START + at, end: START + at + bytes.length },
    ]);
  });

  it('finds base64url values', () => {
    const { p, d } = make.jwk(key) as { p: string; d: string };
    for (const [value, proof] of [
      [p, 'n%p=0'],
      [d, 'd*e=1'],
    ]) {
      const { found } = join(keys, [windowOf(make.ascii(value!), 'base64url-value')]);
      expect(found).toMatchObject([{ ...traits, form: 'jwk-members', proof, start: START }]);
    }
  });

  it('finds nothing in other keys and in the modulus itself', () => {
    const other = make.rsa(2048);
    const numbers = [other.p, other.d, other.n, key.n, key.p * 2n, key.dp, key.dq, key.qi, 0n, 1n];
    const windows = numbers.flatMap((number) =>
      LAYOUTS.map((layout) => windowOf(writeNumber(layout, make.be(number, number > key.p * 2n ? 256 : 136)))),
    );
    expect(join(keys, windows)).toMatchObject({ found: [], overBudget: false });
  });
});

describe('EC', () => {
  it.each(['P-256', 'P-384', 'P-521', 'secp256k1'] as const)('finds a scalar of %s alone, in each layout', (curve) => {
    const keys = [make.ec(curve), make.ec(curve), make.rsa(1024)];
    const key = keys[1] as EcKey;
    for (const layout of LAYOUTS) {
      const bytes = writeNumber(layout, key.d);
      const { found, secrets } = join(keys, [windowOf(make.bytes(32)), windowOf(bytes)]);
      expect(found).toMatchObject([
        { algorithm: 'EC', curve, form: 'scalar', proof: 'd*G=Q', publicKeySha256: make.publicKeySha256(key) },
      ]);
      expect(secrets).toEqual([key.d]);
    }
  });

  it('finds a scalar between others', () => {
    const key = make.ec('P-256');
    const window = windowOf(make.concat(make.bytes(16), make.le(bigintOf(key.d), 32), make.bytes(21)));
    expect(join([key], [window]).found).toMatchObject([{ start: START + 16, end: START + 48 }]);
  });
});

const bigintOf = (bytes: Uint8Array): bigint => BigInt(`0x${make.hex(bytes)}`);

describe('OKP', () => {
  it.each(['Ed25519', 'Ed448', 'X25519', 'X448'] as const)('finds a private key of %s alone', (curve) => {
    const keys = [make.okp(curve), make.okp(curve)];
    for (const key of keys) {
      const traits = { algorithm: curve, proof: 'd*G=Q', publicKeySha256: make.publicKeySha256(key) };
      expect(join(keys, [windowOf(key.d)]).found).toMatchObject([{ ...traits, form: 'seed' }]);
      expect(join(keys, [windowOf(make.concat(make.bytes(3), key.d))]).found).toMatchObject([{ start: START + 3 }]);
      const text = windowOf(make.ascii(make.base64url(key.d)), 'base64url-value');
      expect(join(keys, [text]).found).toMatchObject([{ ...traits, form: 'jwk-members' }]);
    }
  });
});

it.each([
  ['clamped', [0x08, 0x5b]],
  ['below the order', [0x29, 0x0a]],
])('finds a scalar of Ed25519 that is %s, without its seed', (_, [first, last]) => {
  const d = make.bytes(32);
  [d[0], d[31]] = [first, last] as [number, number];
  const key: OkpKey = { type: 'okp', curve: 'Ed25519', d, x: ed25519PublicKeyOf(d) };
  const traits = { algorithm: 'Ed25519', proof: 'd*G=Q', form: 'scalar', publicKeySha256: make.publicKeySha256(key) };
  const { found, secrets } = join(
    [make.okp('Ed25519'), key],
    [windowOf(make.bytes(64)), windowOf(make.concat(make.bytes(3), d))],
  );
  expect(found).toMatchObject([{ ...traits, start: START + 3 }]);
  expect(secrets).toEqual([d]);
});

describe('numbers that reach over the words of their lead that look random', () => {
  /** What surrounds a lead that starts at `at` and is `length` bytes long. */
  const within = (around: Uint8Array, at: number, length: number): LeadWindow =>
    createWindow({ kind: 'number', encoding: 'bytes', start: START, end: START + length }, around, at);

  it('finds the small top word of a P-521 scalar', () => {
    const key = make.ec('P-521');
    const limbs = make.concat(writeNumber('little-endian', key.d), new Uint8Array(14));
    const window = within(make.concat(make.bytes(16), limbs), 16, 64);
    expect(join([key], [window]).found).toMatchObject([{ start: START, end: START + 66 }]);
  });

  it.each([1, 3, 4, 7])('finds a seed that begins %d bytes before it', (before) => {
    const key = make.okp('Ed25519');
    const around = make.concat(new Uint8Array(16 - before), key.d, new Uint8Array(16 + before));
    expect(join([key], [within(around, 16, 24)]).found).toMatchObject([{ start: START - before }]);
  });
});

describe('bounds', () => {
  const key = make.ec('P-256');

  it.each(['reads', 'factors', 'exponents', 'derivations'] as const)('says when %s run out', (name) => {
    const rsa = make.rsa(1024);
    const windows = Array.from({ length: 20 }, () => windowOf(make.bytes(256)));
    expect(join([key, rsa], windows).overBudget).toBe(false);
    expect(join([key, rsa], windows, { ...LARGE, [name]: 3 }).overBudget).toBe(true);
  });

  it('tries numbers that fill their lead first', () => {
    const windows = [windowOf(make.bytes(4096)), windowOf(make.bytes(4096)), windowOf(key.d)];
    const { found, overBudget } = join([key], windows, { ...LARGE, derivations: 500 });
    expect(found).toHaveLength(1);
    expect(overBudget).toBe(true);
  });

  it.each(['P-384', 'P-521', 'secp256k1', 'Ed25519'] as const)('are enough for a thousand numbers on %s', (curve) => {
    const key = curve === 'Ed25519' ? make.okp(curve) : make.ec(curve);
    const others = Array.from({ length: 1000 }, () => windowOf(make.bytes(key.d.length)));
    // Two layouts, and 200 microseconds on the slowest curve.
    const { found, overBudget } = join([key], [...others, windowOf(key.d)], { ...LARGE, derivations: 1000 * 2 * 200 });
    expect(found).toHaveLength(1);
    expect(overBudget).toBe(false);
  });

  it('has an answer for an empty inventory, and for entries without numbers', () => {
    expect(join([], [windowOf(key.d)])).toEqual({ found: [], secrets: [], overBudget: false });
    const bare = createPublicInventory([{ label: 'bare', source: 'sha256', publicKeySha256: 'a'.repeat(64) }]);
    expect(runJoin(createInventoryJoin(bare), [windowOf(key.d)]).claims).toEqual([]);
  });

  it('needs hardly longer for a thousand keys than for one', () => {
    const points = Array.from({ length: 1000 }, () => make.ec('P-256'));
    const { found } = join([...points, key], [windowOf(key.d)], { ...LARGE, derivations: 240 });
    expect(found).toHaveLength(1);
  });
});
