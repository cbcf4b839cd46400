import { generatePrimeSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { runJoin } from '../../test/support/run-join.ts';
import type { RsaKey } from '../model/make.ts';
import { createWindow, type LeadWindow } from './join.ts';
import { createJwkMembersJoin, type JwkMembersBudget } from './jwk-members.ts';

const make = createMake('jwk-members');
const LARGE: JwkMembersBudget = { products: 1e6, divisions: 1e6, scalars: 1e6 };

/** Values as they lie in a dump, a megabyte apart. */
function windowsOf(values: readonly string[]): LeadWindow[] {
  return values.map((value, i) => {
    const start = (i + 1) * 1_048_576;
    const lead = { kind: 'base64url-value', encoding: 'bytes', start, end: start + value.length } as const;
    return createWindow(lead, make.ascii(value), 0);
  });
}

const noise = (count: number, ...sizes: number[]): string[] =>
  Array.from({ length: count }, (_, i) => make.base64url(make.bytes(sizes[i % sizes.length]!)));

function join(values: readonly string[], budget = LARGE) {
  const { claims, overBudget } = runJoin(createJwkMembersJoin(budget), windowsOf(values));
  return {
    overBudget,
    found: claims.map(({ claim }) => ({ ...claim.traits, value: values[claim.span.start / 1_048_576 - 1] })),
    secrets: claims.map(({ claim }) => claim.secret),
  };
}

describe('RSA', () => {
  const rsa = make.rsa(2048);
  const members = make.jwk(rsa) as Record<'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi', string>;
  const publicKeySha256 = make.publicKeySha256(rsa);

  it('finds all members among noise, each private one as a place', () => {
    const { n, d, p, q, dp, dq, qi } = members;
    const { found, secrets } = join([dq, ...noise(30, 128, 256), p, n, qi, ...noise(30, 128, 256), d, dp, q]);
    expect(new Set(found.map(({ value }) => value))).toEqual(new Set([d, p, q, dp, dq, qi]));
    for (const traits of found) expect(traits).toMatchObject({ proof: 'p*q=n', form: 'jwk-members', publicKeySha256 });
    for (const secret of secrets) expect(secret).toEqual(make.secret(rsa));
  });

  it.each([
    ['n and p', ['n', 'p'], 'n%p=0'],
    ['n and q', ['q', 'n'], 'n%p=0'],
    ['n and d', ['d', 'n'], 'd*e=1'],
  ] as const)('finds %s alone', (_, names, proof) => {
    const { found } = join([...noise(20, 128, 256), ...names.map((name) => members[name]), ...noise(20, 128, 256)]);
    expect(found).toMatchObject([{ proof, bits: 2048, publicKeySha256 }]);
  });

  it.each([1024, 3072, 4096])('finds %d bits', (bits) => {
    const key = make.rsa(bits);
    const { n, p, q } = make.jwk(key) as typeof members;
    const { found } = join([q, n, p]);
    expect(found).toMatchObject([{ bits }, { bits }]);
    expect(new Set(found.map(({ value }) => value))).toEqual(new Set([p, q]));
  });

  it('tells the public exponent from the private one', () => {
    const key = withExponent(make.rsa(1024), 3n);
    const { n, d, p, q } = make.jwk(key) as typeof members;
    const { found } = join([n, d, p, q]);
    expect(found).toHaveLength(3);
    for (const traits of found) expect(traits.publicKeySha256).toBe(make.publicKeySha256(key));
  });

  it('finds a private exponent that lost its first byte', () => {
    // With p-1 and q-1 sharing a factor of 64, d modulo their least common multiple is short.
    const prime = () => generatePrimeSync(512, { add: 64n, rem: 1n, bigint: true });
    for (;;) {
      const [p, q] = [prime(), prime()];
      if (gcd(p - 1n, q - 1n) !== 64n) continue;
      const d = invert(65_537n, ((p - 1n) * (q - 1n)) / gcd(p - 1n, q - 1n));
      const value = make.be(d);
      if (value.length !== 127 || make.be(p * q).length !== 128) continue;
      expect(join([make.base64url(make.be(p * q)), make.base64url(value)]).found).toMatchObject([{ proof: 'd*e=1' }]);
      return;
    }
  });

  it('finds each of two keys', () => {
    const other = make.rsa(2048);
    const theirs = make.jwk(other) as typeof members;
    const { found } = join([members.p, theirs.p, members.n, theirs.n, theirs.q, members.q]);
    expect(new Set(found.map((traits) => traits.publicKeySha256))).toEqual(
      new Set([publicKeySha256, make.publicKeySha256(other)]),
    );
    expect(found).toHaveLength(4);
  });

  it('finds nothing in noise, nor with the primes of another key', () => {
    const { p, q } = make.jwk(make.rsa(2048)) as typeof members;
    expect(join([members.n, p, q, ...noise(60, 128, 256)]).found).toEqual([]);
  });

  it('reports every copy of a value as a place, up to a limit', () => {
    const { found } = join([members.n, ...Array.from({ length: 40 }, () => members.p)]);
    expect(found).toHaveLength(16);
  });

  it('says when its budget ran out, and tries what lies near first', () => {
    const { n, p, q } = members;
    const values = [...noise(40, 128), p, n, q, ...noise(40, 128)];
    const { overBudget, found } = join(values, { ...LARGE, products: 100, divisions: 10 });
    expect(overBudget).toBe(true);
    expect(new Set(found.map(({ value }) => value))).toEqual(new Set([p, q]));
    expect(join(values, { ...LARGE, products: 10, divisions: 0 })).toMatchObject({ overBudget: true, found: [] });
  });
});

describe('curves', () => {
  /** One by one, and many at once. */
  const COUNTS = [10, 600];
  const each = <T extends string>(...curves: T[]) =>
    curves.flatMap((curve) => COUNTS.map((count) => [curve, count] as const));
  /** As a scalar of P-521 has. */
  const withZero = (count: number): string[] =>
    Array.from({ length: count }, () => make.base64url(make.bytes(66).fill(0, 0, 1)));

  it.each(each('P-256', 'P-384', 'P-521', 'secp256k1'))('%s among %d', (curve, count) => {
    const key = make.ec(curve);
    const { d, x, y } = make.jwk(key) as Record<'d' | 'x' | 'y', string>;
    const others = curve === 'P-521' ? withZero(count) : noise(count, key.d.length);
    const { found, secrets } = join([x, ...others, y, d]);
    expect(found).toMatchObject([{ curve, value: d, proof: 'd*G=Q', publicKeySha256: make.publicKeySha256(key) }]);
    expect(secrets).toEqual([make.secret(key)]);
  });

  it.each(each('Ed25519', 'Ed448', 'X25519', 'X448'))('%s among %d', (curve, count) => {
    const key = make.okp(curve);
    const { d, x } = make.jwk(key) as Record<'d' | 'x', string>;
    const { found } = join([d, ...noise(count, key.d.length), x]);
    expect(found).toMatchObject([{ algorithm: curve, value: d, publicKeySha256: make.publicKeySha256(key) }]);
  });

  it('finds nothing without the public value, or in noise', () => {
    const { d } = make.jwk(make.ec('P-256')) as Record<'d', string>;
    expect(join([d, ...noise(20, 32, 48, 66, 57, 56)])).toEqual({ found: [], secrets: [], overBudget: false });
  });

  it('says when its budget ran out', () => {
    expect(join(noise(20, 32), { ...LARGE, scalars: 5 }).overBudget).toBe(true);
  });
});

it('takes no leads, and leads of rubbish', () => {
  expect(join([])).toEqual({ found: [], secrets: [], overBudget: false });
  expect(join(['', 'A', '!'.repeat(43), 'A'.repeat(342)]).found).toEqual([]);
});

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

function invert(value: bigint, modulus: bigint): bigint {
  let [r0, r1, t0, t1] = [modulus, value % modulus, 0n, 1n];
  while (r1 > 0n) [r0, r1, t0, t1] = [r1, r0 % r1, t1, t0 - (r0 / r1) * t1];
  return ((t0 % modulus) + modulus) % modulus;
}

/** The same primes with another public exponent, or those of the next key when they don't fit. */
function withExponent(key: RsaKey, e: bigint): RsaKey {
  const phi = (key.p - 1n) * (key.q - 1n);
  return gcd(phi, e) === 1n ? { ...key, e, d: invert(e, phi) } : withExponent(make.rsa(key.bits), e);
}
