import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import type { RsaKey } from '../model/make.ts';
import { modInverse } from './modular.ts';
import { proveRsa, type RsaNumbers } from './rsa.ts';

const make = createMake('proof/rsa');
const key = make.rsa(1024);
const other = make.rsa(1024);
const publicKeySha256 = make.publicKeySha256(key);

describe('proveRsa', () => {
  const { n, e, d, p, q, dp, dq, qi } = key;
  it.each<[string, RsaNumbers, string]>([
    ['all', key, 'p*q=n'],
    ['primes swapped', { ...key, p: q, q: p }, 'p*q=n'],
    ['n and primes', { n, p, q }, 'p*q=n'],
    ['p only', { n, e, p }, 'n%p=0'],
    ['q only', { n, e, q }, 'n%p=0'],
    ['p, and what is left of q', { n, e, d, p, q: q >> 64n }, 'n%p=0'],
    ['d', { n, e, d }, 'd*e=1'],
    ['d without e', { n, d }, 'd*e=1'],
    ['d modulo (p-1)(q-1)', { n, e, d: modInverse(e, (p - 1n) * (q - 1n))! }, 'd*e=1'],
    ['d, and what is left of p', { n, e, d, p: p >> 64n }, 'd*e=1'],
    ['d, and other primes', { n, e, d, p: other.p, q: other.q }, 'd*e=1'],
    ['CRT without n', { p, q, dp, dq, qi }, 'crt'],
    ['exponents without n', { p, q, dp, dq }, 'crt'],
    ['inverse without n', { p, q, qi }, 'crt'],
    ['d without n', { e, d, p, q, qi }, 'crt'],
  ])('proves: %s', (_, numbers, proof) => {
    expect(proveRsa(numbers)).toMatchObject({
      verdict: 'proven',
      secret: make.secret(key),
      traits: { algorithm: 'RSA', bits: 1024, proof, publicKeySha256 },
    });
  });

  it.each<[string, RsaNumbers]>([
    ['nothing', {}],
    ['n alone', { n, e }],
    ['primes alone', { p, q }],
    ['another d', { n, e, d: other.d }],
    ['d = 1', { n, e: 1n, d: 1n }],
    ['d = 0', { n, e, d: 0n }],
    ['d = n', { n, e, d: n }],
    ['other primes', { n, e, p: other.p, q: other.q }],
    ['p = n', { n, p: n, q: 1n }],
    ['a small factor', { n: 3n * n, p: 3n, q: n }],
    ['n even', { n: n + 1n, e, d }],
    ['n too short', { n: 0xffff_fff1n, e, d }],
    ['n too long', { n: (1n << 20_000n) + 1n, e, d }],
    ['inverse of other primes', { p, q, qi: other.qi }],
    ['exponents of another key', { p, q, dp: other.dp, dq: other.dq }],
    ['p twice', { p, q: p, dp, dq: dp }],
    ['zeros', { n, e: 0n, d: 0n, p: 0n, q: 0n, dp: 0n, dq: 0n, qi: 0n }],
    ['composites that fit each other', { p: p * 3n, q: q * 3n, qi: modInverse(q * 3n, p * 3n) ?? 5n }],
  ])('refuses: %s', (_, numbers) => {
    expect(proveRsa(numbers)).toBeUndefined();
  });
});

describe('RSA of three primes', () => {
  // RFC 8017, 3.2: n is the product, d the inverse of e modulo lcm of all p-1.
  const multi = ((): RsaNumbers & { secret: Uint8Array; r: bigint } => {
    const primes = [make.rsa(512), make.rsa(512)].flatMap(({ p, q }: RsaKey) => [p, q]).slice(0, 3);
    const [p, q, r] = primes as [bigint, bigint, bigint];
    // biome-ignore lint/complexity/useMathMinMax: Math.min takes no bigint
    const least = primes.reduce((a, b) => (a < b ? a : b));
    const d = modInverse(65_537n, (p - 1n) * (q - 1n) * (r - 1n))!;
    return { n: p * q * r, e: 65_537n, d, p, q, r, secret: make.be(least) };
  })();
  const { n, e, d, p, q, r, secret } = multi;

  it.each<[string, RsaNumbers]>([
    ['p, q and d', { n, e, d, p, q }],
    ['d', { n, e, d }],
    ['d and the third prime', { n, e, d, p: r }],
  ])('has one name, proven through: %s', (_, numbers) => {
    expect(proveRsa(numbers)).toMatchObject({ secret, traits: { bits: 768 } });
  });

  it('is proven by one prime alone', () => {
    expect(proveRsa({ n, e, q })?.traits.proof).toBe('n%p=0');
  });
});

it('takes no repeated bytes for a modulus and its factor', () => {
  const half = ((key.p | 1n) % (1n << 384n)) | (1n << 383n);
  const repeated = (half << 384n) | half;
  expect(proveRsa({ n: repeated, e: 65_537n, p: half })).toBeUndefined();
  expect(proveRsa({ n: key.p * ((1n << 1024n) + 1n), e: 65_537n, p: key.p })).toBeUndefined();
});

it('names a PSS key by its own algorithm', () => {
  const { der } = make;
  const pss = der.seq(der.oid('1.2.840.113549.1.1.10'));
  const spki = der.seq(pss, der.bits(der.seq(der.int(key.n), der.int(key.e))));
  expect(proveRsa(key, pss)?.traits.publicKeySha256).toBe(make.hex(make.hash('sha256', spki)));
});
