import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { writeNumber } from '../../corpus/encode/numbers.ts';
import { createMake } from '../../corpus/make.ts';
import { runJoin } from '../../test/support/run-join.ts';
import type { OkpKey } from '../model/make.ts';
import { ed25519PublicKeyOf } from '../proof/edwards25519.ts';
import { keccak256 } from '../proof/keccak.ts';
import { writeEdwardsDigits } from './edwards-digits.ts';
import { createWindow, type LeadWindow } from './join.ts';
import { createOkpSeedsJoin } from './okp-seeds.ts';

const make = createMake('okp-seeds');
const SPACING = 1 << 20;

function windowsOf(values: readonly Uint8Array[], kind: LeadWindow['lead']['kind'] = 'number', first = 1) {
  return values.map((bytes, i) => {
    const start = SPACING * (first + i);
    const around = make.concat(make.le(0x31n, 16), bytes, make.le(0n, 16));
    return createWindow({ kind, encoding: 'bytes', start, end: start + bytes.length }, around, 16);
  });
}

function join(windows: readonly LeadWindow[], budget = 1e9) {
  const { claims, overBudget } = runJoin(createOkpSeedsJoin(budget), windows);
  const found = claims.map(({ claim }) => ({ ...claim.traits, ...claim.span, verdict: claim.verdict }));
  return { overBudget, found, secrets: claims.map(({ claim }) => claim.secret) };
}

const traitsOf = (key: OkpKey) => ({
  algorithm: key.curve,
  form: 'seed',
  proof: 'd*G=Q',
  verdict: 'proven',
  publicKeySha256: make.publicKeySha256(key),
});
/** RFC 8032, 5.1.5. */
const clampedOf = (seed: Uint8Array): Uint8Array => {
  const scalar = new Uint8Array(createHash('sha512').update(seed).digest()).slice(0, 32);
  scalar[0]! &= 0xf8;
  scalar[31] = (scalar[31]! & 0x3f) | 0x40;
  return scalar;
};
const spkiOf = (key: OkpKey) => windowsOf([make.spki(key)], 'public-key', 90);
const noise = () => [32, 40, 56, 64, 256].map((size) => make.bytes(size));

describe.each(['Ed25519', 'X25519', 'Ed448', 'X448'] as const)('%s', (curve) => {
  it('finds a key by a certificate', () => {
    const key = make.okp(curve);
    const { found, secrets, overBudget } = join([...windowsOf([...noise(), key.d]), ...spkiOf(key)]);
    expect(found).toMatchObject([{ ...traitsOf(key), start: 6 * SPACING, end: 6 * SPACING + key.d.length }]);
    expect(secrets).toEqual([key.d]);
    expect(overBudget).toBe(false);
  });

  it('finds nothing in public values and other keys', () => {
    const key = make.okp(curve);
    expect(join([...windowsOf([key.x, make.okp(curve).d, ...noise()]), ...spkiOf(key)]).found).toEqual([]);
  });
});

describe.each(['Ed25519', 'Ed448'] as const)('%s, of which only the point is there', (curve) => {
  const key = make.okp(curve);

  it.each([...writeEdwardsDigits(curve, key.x).keys()])('finds it by the digits of y (form %i)', (form) => {
    const [x, y] = [make.okp(curve), key].map((point) => writeEdwardsDigits(curve, point.x)[form]!);
    // As arrays of Java: the seed to the byte.
    expect(join(windowsOf([...noise(), make.concat(x!, y!), key.d])).found).toMatchObject([traitsOf(key)]);
    expect(join(windowsOf([...noise(), x!, key.d])).found).toEqual([]);
  });
});

describe.each(['X25519', 'Ed448', 'X448'] as const)('%s, of which no document is there', (curve) => {
  const key = make.okp(curve);
  const field = make.le(1n, 8);
  const aligned = (bytes: Uint8Array) => make.concat(bytes, new Uint8Array(-bytes.length & 7));

  it.each([
    ['alone', [aligned(key.d), aligned(key.x)]],
    ['before its public half', [aligned(make.concat(key.d, key.x))]],
  ])('finds it %s', (_, values) => {
    expect(join(windowsOf([...noise(), ...values])).found).toMatchObject([traitsOf(key)]);
  });

  it.runIf(curve !== 'Ed448')('finds it between its public half and a small field', () => {
    expect(join(windowsOf([make.concat(key.x, key.d, field)])).found).toMatchObject([traitsOf(key)]);
  });
});

it('finds an X25519 key among objects of its size, as Go allocates them', () => {
  const key = make.okp('X25519');
  const packed = make.concat(make.bytes(160), key.d, make.bytes(64), key.x, make.bytes(32));
  expect(join(windowsOf([packed])).found).toMatchObject([traitsOf(key)]);
});

it('finds an X25519 key behind its length in a long run', () => {
  const key = make.okp('X25519');
  const run = make.concat(make.bytes(200), Uint8Array.of(0x0a, 32), key.d, make.bytes(200));
  expect(join(windowsOf([run, key.x])).found).toMatchObject([traitsOf(key)]);
});

it('finds a key on Ed448 behind its public half, and before what its allocation held before', () => {
  const key = make.okp('Ed448');
  const rest = (length: number) => new Uint8Array(-length & 7);
  for (const values of [
    [make.concat(key.x, key.d, rest(114))],
    [make.concat(key.d, make.bytes(7), make.le(9n, 8)), make.concat(key.x, rest(57))],
  ]) {
    const windows = values.map((bytes, i) => {
      const around = make.concat(make.le(0n, 8), make.le(bytes.length > 100 ? 0n : 0x51n, 8), bytes, make.le(0n, 16));
      const start = SPACING * (i + 1);
      return createWindow({ kind: 'number', encoding: 'bytes', start, end: start + bytes.length }, around, 16);
    });
    const others = windowsOf(
      Array.from({ length: 600 }, () => make.bytes(112)).filter((bytes) => (bytes[56]! & 0x7f) !== 0),
      'number',
      10,
    );
    expect(join([...windows, ...others]).found).toMatchObject([traitsOf(key)]);
  }
});

it('does not try a curve of which the artifact has the beginning of a document and no key', () => {
  const prefix = make.spki(make.okp('Ed448')).fill(0, 12);
  const windows = windowsOf(Array.from({ length: 20 }, () => make.bytes(72)));
  expect(join([...windows, ...windowsOf([prefix], 'public-key', 90)], 20 * 500).overBudget).toBe(false);
});

it.each(['Ed25519', 'X25519'] as const)(
  'finds a key on %s beside another number, as allocators without headers put them',
  (curve) => {
    const key = make.okp(curve);
    const { found } = join(windowsOf([make.concat(make.bytes(32), key.d), key.x, ...noise()]));
    expect(found).toMatchObject([{ ...traitsOf(key), start: SPACING + 32 }]);
  },
);

it('finds a key on X448 behind an object of 64 bytes, as Go puts it, before zeros', () => {
  const key = make.okp('X448');
  for (const objects of [1, 2]) {
    const [block] = windowsOf([make.concat(make.bytes(64 * objects), key.d)]);
    const { found } = join([block!, ...windowsOf([key.x], 'number', 50)]);
    expect(found).toMatchObject([{ ...traitsOf(key), start: SPACING + 64 * objects }]);
  }
});

describe('Ed25519', () => {
  const key = make.okp('Ed25519');

  it.each([
    ['far from its public key', [key.d, ...noise(), key.x]],
    ['before its public key', [make.concat(key.d, key.x)]],
    ['behind its public key', [make.concat(key.x, key.d)]],
    ['in a structure', [make.concat(make.bytes(16), key.d, make.bytes(24)), make.concat(make.bytes(5), key.x)]],
  ])('%s', (_, values) => {
    expect(join(windowsOf(values)).found).toMatchObject([traitsOf(key)]);
  });

  it.each(['cpython-digits', 'pypy-digits'])('finds a seed that is a number of Python, as %s', (layout) => {
    const seed = writeNumber(layout, key.d);
    const { found, secrets } = join(windowsOf([...noise(), seed, key.x]));
    expect(found).toMatchObject([{ ...traitsOf(key), start: 6 * SPACING }]);
    expect(secrets).toEqual([key.d]);
  });

  it('finds the scalar of a key whose seed is gone', () => {
    const { found, secrets } = join(windowsOf([...noise(), make.concat(clampedOf(key.d), make.bytes(32), key.x)]));
    expect(found).toMatchObject([{ ...traitsOf(key), form: 'scalar', start: 6 * SPACING }]);
    expect(secrets).toEqual([clampedOf(key.d)]);
  });

  it('takes the scalar and the seed for one key', () => {
    const { found, secrets } = join(windowsOf([key.d, clampedOf(key.d), key.x]));
    expect(found.map(({ form }) => form)).toEqual(['seed', 'scalar']);
    expect(secrets).toEqual([key.d, key.d]);
  });

  describe('scalars below the order', () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const reduce = (bytes: Uint8Array) => make.le(BigInt(`0x${make.hex(bytes.slice().reverse())}`) % order, 32);
    const keyOf = (d: Uint8Array): OkpKey => ({ type: 'okp', curve: 'Ed25519', d, x: ed25519PublicKeyOf(d) });
    const spend = keyOf(reduce(make.bytes(32)));
    const view = keyOf(reduce(keccak256(spend.d)));
    const other = keyOf(reduce(make.bytes(32)));

    it('leaves the nonces of signatures', () => {
      const nonces = [keyOf(reduce(clampedOf(key.d))), spend, other];
      const values = nonces.flatMap(({ d, x }) => [d, make.concat(x, make.bytes(32))]);
      expect(join(windowsOf(values)).found).toEqual([]);
    });

    it('finds one by a certificate', () => {
      const { found, secrets } = join([...windowsOf([...noise(), spend.d, other.d, other.x]), ...spkiOf(spend)]);
      expect(found).toMatchObject([{ ...traitsOf(spend), form: 'scalar', start: 6 * SPACING }]);
      expect(secrets).toEqual([spend.d]);
    });

    it('finds the two of an account of CryptoNote', () => {
      const values = [...noise(), make.concat(spend.x, view.x, spend.d, view.d), make.concat(other.x, other.d)];
      const { found } = join(windowsOf(values));
      expect(found).toMatchObject([
        { ...traitsOf(spend), form: 'scalar', start: 6 * SPACING + 64 },
        { ...traitsOf(view), form: 'scalar', start: 6 * SPACING + 96 },
      ]);
    });
  });

  it('finds all copies', () => {
    expect(join(windowsOf([key.d, key.x, key.d])).found.map(({ start }) => start)).toEqual([SPACING, 3 * SPACING]);
  });

  it('finds a key by an SSH public key', () => {
    const text = make.ascii('ssh-ed25519');
    const blob = make.concat(make.be(11n, 4), text, make.be(32n, 4), key.x);
    expect(join([...windowsOf([key.d]), ...windowsOf([blob], 'public-key', 50)]).found).toMatchObject([traitsOf(key)]);
  });

  it('needs the public key', () => {
    expect(join(windowsOf([key.d, ...noise()])).found).toEqual([]);
  });

  it('says when its budget runs out, having tried the likeliest first', () => {
    const windows = windowsOf([...Array.from({ length: 20 }, () => make.bytes(152)), key.d]);
    const { found, overBudget } = join([...windows, ...spkiOf(key)], 330);
    expect(found).toMatchObject([traitsOf(key)]);
    expect(overBudget).toBe(true);
  });
});
