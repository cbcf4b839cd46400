import { generatePrimeSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { writeNumber } from '../../corpus/encode/numbers.ts';
import { createMake } from '../../corpus/make.ts';
import { runJoin } from '../../test/support/run-join.ts';
import { SPACING, spacedWindows } from '../../test/support/spaced-windows.ts';
import type { RsaKey } from '../model/make.ts';
import { gcd, isProbablePrime, modInverse } from '../proof/modular.ts';
import { createWindow, type LeadWindow } from './join.ts';
import { NUMBER_LAYOUTS } from './number-layouts.ts';
import { createRsaNumbersJoin, type RsaNumbersBudget } from './rsa-numbers.ts';

const make = createMake('rsa-numbers');
const LARGE: RsaNumbersBudget = {
  candidates: 1e6,
  products: 1e9,
  divisions: 1e7,
};
const LAYOUTS = NUMBER_LAYOUTS.map(({ id }) => id);

const windowsOf = (values: readonly Uint8Array[], kind?: LeadWindow['lead']['kind'], first?: number): LeadWindow[] =>
  spacedWindows(make, values, kind, first);

function join(windows: readonly LeadWindow[], budget = LARGE) {
  const { claims, overBudget } = runJoin(createRsaNumbersJoin(budget), windows);
  const found = claims.map(({ claim }) => ({ ...claim.traits, ...claim.span, verdict: claim.verdict }));
  return { overBudget, found, secrets: claims.map(({ claim }) => claim.secret) };
}

const halfOf = ({ bits }: RsaKey): number => bits / 16;
const noise = (count: number, size: number) => Array.from({ length: count }, () => make.bytes(size));
/** A key of two primes, p = 4t + 1 and q, whose d is one of 3t + 1, also a prime, and q as well. */
function findTwin(): { p: bigint; q: bigint; d: bigint } {
  let t = (3n << 508n) + BigInt(`0x${Buffer.from(make.bytes(48)).toString('hex')}`) * 3n;
  t -= t % 3n;
  while (!isProbablePrime(4n * t + 1n) || !isProbablePrime(3n * t + 1n)) t += 3n;
  const p = 4n * t + 1n;
  for (;;) {
    const q = generatePrimeSync(512, { bigint: true, add: 12n, rem: 1n });
    if (gcd(p - 1n, q - 1n) !== 12n) continue;
    const order = ((p - 1n) * (q - 1n)) / 12n;
    const d = modInverse(65_537n, order);
    if (d && ((65_537n * d - 1n) / order) % 3n === 0n) return { p, q, d };
  }
}
const traitsOf = (key: RsaKey) => ({
  algorithm: 'RSA',
  form: 'limbs',
  verdict: 'proven',
  bits: key.bits,
  publicKeySha256: make.publicKeySha256(key),
});

describe('both primes and the modulus', () => {
  const key = make.rsa(2048);

  it.each(LAYOUTS)('as %s, each place of each private number', (layout) => {
    const write = (number: bigint, size: number): Uint8Array => writeNumber(layout, make.be(number, size));
    const numbers = [write(key.q, 128), write(key.d, 256), write(key.n, 256), write(key.p, 128), write(key.dp, 128)];
    const { found, secrets, overBudget } = join(windowsOf([...numbers, ...noise(5, 128), ...noise(5, 256)]));
    expect(new Set(found.map(({ start }) => start / SPACING))).toEqual(new Set([1, 2, 4, 5]));
    expect(found).toHaveLength(4);
    for (const claim of found) expect(claim).toMatchObject({ ...traitsOf(key), proof: 'p*q=n' });
    for (const secret of secrets) expect(secret).toEqual(make.secret(key));
    expect(found.find(({ start }) => start === SPACING)!.end).toBe(SPACING + numbers[0]!.length);
    expect(overBudget).toBe(false);
  });

  it.each([512, 768, 1024, 3072])('of %d bits', (bits) => {
    const other = make.rsa(bits);
    const size = halfOf(other);
    const { found } = join(windowsOf([make.le(other.p, size), make.le(other.n, 2 * size), make.le(other.q, size)]));
    expect(found).toMatchObject([traitsOf(other), traitsOf(other)]);
  });

  it.each(['p', 'd'] as const)('%s alone, in a structure, at every byte of a word', (name) => {
    const number = make.be(key[name]);
    for (let shift = 1; shift < 8; shift++) {
      const structure = make.concat(
        make.bytes(shift - 1),
        Uint8Array.of(2),
        number,
        make.le(3n, 2),
        new Uint8Array(16),
      );
      // The run ends with the last whole word.
      const run = structure.slice(0, (number.length + shift) & ~7);
      const windows = windowsOf([run]);
      windows[0]!.around.set(structure.subarray(run.length, run.length + 16), 16 + run.length);
      const { found, secrets } = join([...windows, ...windowsOf([make.spki(key)], 'public-key', 2)]);
      expect(found).toMatchObject([traitsOf(key)]);
      expect(secrets).toEqual([make.secret(key)]);
    }
  });

  it('in layouts that differ', () => {
    const [p, q, n] = [make.le(key.p, 128), make.be(key.q, 128), writeNumber('java-ints', make.be(key.n, 256))];
    expect(join(windowsOf([n, q, p])).found).toHaveLength(2);
  });

  it('back to back in one block, and behind other words', () => {
    const parts = [make.bytes(24), make.le(key.n, 256), make.le(key.p, 128), make.bytes(64), make.le(key.q, 128)];
    const { found } = join(windowsOf([make.concat(...parts, make.bytes(40))]));
    expect(found.map(({ start }) => start - SPACING)).toEqual([24 + 256, 24 + 256 + 128 + 64]);
  });

  it('in what is left of a DER document, at odd offsets', () => {
    const { found } = join(windowsOf([make.pkcs1(key).slice(11)]));
    expect(new Set(found.map(({ publicKeySha256 }) => publicKeySha256))).toEqual(new Set([make.publicKeySha256(key)]));
    // d, p, q, dp, dq, qi.
    expect(found).toHaveLength(6);
  });

  it('of several keys, told apart', () => {
    const keys = [key, make.rsa(2048), make.rsa(1024)];
    const numbers = keys.flatMap((one) => [make.le(one.p, halfOf(one)), make.le(one.n, 2 * halfOf(one))]);
    const rest = keys.map((one) => make.le(one.q, halfOf(one)));
    const { found } = join(windowsOf([...numbers, ...rest]));
    for (const one of keys) {
      const mine = found.filter(({ publicKeySha256 }) => publicKeySha256 === make.publicKeySha256(one));
      expect(mine).toHaveLength(2);
    }
  });

  it('with a small public exponent, told by the private one', () => {
    const [e, phi] = [37n, (key.p - 1n) * (key.q - 1n)];
    let d = 1n;
    while ((d * phi + 1n) % e !== 0n) d++;
    d = (d * phi + 1n) / e;
    const values = [make.le(key.p, 128), make.le(key.q, 128), make.le(key.n, 256), make.le(d, 256)];
    const { found } = join(windowsOf(values));
    expect(found).toHaveLength(3);
    expect(found[0]!.publicKeySha256).toBe(make.publicKeySha256({ ...key, e, d }));
  });
});

describe('less than that', () => {
  const key = make.rsa(1024);
  const n = make.le(key.n, 128);
  const spki = windowsOf([make.spki(key)], 'public-key', 90);

  it.each([
    ['one prime and the modulus', [make.le(key.p, 64), n], [], 'n%p=0'],
    ['one prime and a certificate', [make.le(key.q, 64)], spki, 'n%p=0'],
    ['both primes and a certificate', [make.le(key.q, 64), make.be(key.p, 64)], spki, 'p*q=n'],
    ['the private exponent and the modulus', [make.le(key.d, 128), n], [], 'd*e=1'],
    ['the private exponent and a certificate', [writeNumber('java-ints', make.be(key.d, 128))], spki, 'd*e=1'],
    ['CRT members without a modulus', [key.q, key.dp, key.qi, key.p, key.dq].map((x) => make.le(x, 64)), [], 'p*q=n'],
    ['both primes and the coefficient', [key.q, key.qi, key.p].map((x) => make.le(x, 64)), [], 'p*q=n'],
    ["libgcrypt's d, p and q", [make.be(key.d, 128), make.be(key.q, 64), make.be(key.p, 64)], [], 'p*q=n'],
    ['a prime and the private exponent', [make.be(key.d, 128), make.le(key.q, 64)], [], 'd*e=1'],
  ] as const)('%s', (_, values, harvested, proof) => {
    const { found, secrets } = join([...windowsOf([...values, ...noise(3, 64)]), ...harvested]);
    expect(found.length).toBeGreaterThan(0);
    for (const claim of found) expect(claim).toMatchObject({ ...traitsOf(key), proof });
    for (const secret of secrets) expect(secret).toEqual(make.secret(key));
  });

  describe('a prime and the private exponent, which another prime fits as well', () => {
    const { p, q, d } = findTwin();

    it('no key when neither is there', () => {
      expect(join(windowsOf([make.be(d, 128), make.be(q, 64)])).found).toEqual([]);
    });

    it('the key when its other prime is there', () => {
      const { found } = join(windowsOf([make.be(d, 128), make.be(q, 64), make.be(p, 64)]));
      const n = p * q;
      const publicKeySha256 = make.publicKeySha256({ ...key, n });
      expect(found.length).toBeGreaterThan(0);
      for (const claim of found) expect(claim).toMatchObject({ publicKeySha256, proof: 'p*q=n' });
    });
  });

  it('both primes and the coefficient, behind a hundred other primes', () => {
    // By OpenSSL: a hundred of the seed's would take most of a minute on a busy machine.
    const others = Array.from({ length: 100 }, () => generatePrimeSync(512, { bigint: true }));
    const { found, overBudget } = join(windowsOf([...others, key.q, key.qi, key.p].map((x) => make.le(x, 64))));
    expect(found).toContainEqual(expect.objectContaining(traitsOf(key)));
    expect(overBudget).toBe(false);
  });

  it('the private exponent of three primes, with each of its numbers', () => {
    // RFC 8017, 3.2.
    const [p, q, r] = [make.rsa(1024), make.rsa(1024)].flatMap((half) => [half.p, half.q]) as [bigint, bigint, bigint];
    const modulus = p * q * r;
    const d = modInverse(65_537n, (p - 1n) * (q - 1n) * (r - 1n))!;
    const members = [d, p, q, r, d % (r - 1n), modInverse(p * q, r)!, modInverse(q, p)!];
    const numbers = [modulus, ...members].map((number, i) => make.le(number, i < 2 ? 192 : 64));
    const { found } = join(windowsOf([...numbers, ...noise(3, 192)]));
    expect(found.map(({ start }) => start / SPACING).toSorted((a, b) => a - b)).toEqual(members.map((_, i) => i + 2));
    for (const claim of found) expect(claim).toMatchObject({ algorithm: 'RSA', bits: 1536, verdict: 'proven' });
  });

  it.each([
    ['both primes alone', [key.p, key.q]],
    ['a prime and its CRT exponent', [key.p, key.dp]],
    ['a prime and the private exponent of another', [key.p, make.rsa(1024).d]],
    ['CRT exponents without a coefficient', [key.p, key.q, key.dp, key.dq]],
    ['primes of other keys with the modulus', [key.n, make.rsa(1024).p, make.rsa(1024).q]],
    ['public numbers', [key.n, make.rsa(1024).n, make.rsa(2048).n]],
    ['a product of composites', [key.p * 15n, key.q * 21n, key.p * key.q * 315n]],
    ['a square', [key.p, key.p * key.p]],
    ['a prime with half a modulus', [key.p, key.n >> 64n]],
  ])('no key in %s', (_, numbers) => {
    const values = numbers.map((number) => make.le(number, Math.ceil(number.toString(16).length / 16) * 8));
    expect(join(windowsOf(values))).toMatchObject({ found: [], overBudget: false });
  });

  it('no key in noise of every size', () => {
    const values = [32, 40, 64, 72, 128, 256, 512, 1024, 4096, 8192].flatMap((size) => noise(3, size));
    expect(join(windowsOf(values)).found).toEqual([]);
  });
});

describe('bounds', () => {
  it.each(['candidates', 'products', 'divisions'] as const)('says when %s run out', (name) => {
    const key = make.rsa(1024);
    const windows = windowsOf([...noise(40, 64), ...noise(40, 128), make.le(key.n, 128), make.le(key.q, 64)]);
    expect(join(windows).overBudget).toBe(false);
    expect(join(windows, { ...LARGE, [name]: 1 }).overBudget).toBe(true);
  });

  it('are not used up by numbers that are no primes, as arithmetic leaves by the thousand', () => {
    const key = make.rsa(1024);
    // A third of them has no small factor.
    const temporary = (size: number) => noise(4000, size).map((bytes) => bytes.with(0, bytes[0]! | 1));
    const windows = windowsOf([...temporary(64), ...temporary(128), make.le(key.n, 128), make.le(key.q, 64)]);
    const { found, overBudget } = join(windows, { ...LARGE, divisions: 2e6 });
    expect(found).toMatchObject([traitsOf(key)]);
    expect(overBudget).toBe(false);
  });

  it('leave what was tested before they ran out to be divided by', () => {
    const key = make.rsa(1024);
    const temporary = (size: number) => noise(4000, size).map((bytes) => bytes.with(0, bytes[0]! | 1));
    const windows = windowsOf([make.le(key.q, 64), ...temporary(64), ...temporary(128), make.le(key.n, 128)]);
    const { found, overBudget } = join(windows, { ...LARGE, divisions: 4e4 });
    expect(found).toMatchObject([traitsOf(key)]);
    expect(overBudget).toBe(true);
  });

  it('are not used up by what lies inside integers, of which a virtual machine leaves thousands', () => {
    const key = make.rsa(1024);
    const integers = [
      ...noise(400, 256),
      ...Array(20).fill(make.le(key.n, 128)),
      make.le(key.p, 64),
      make.le(key.q, 64),
    ];
    const { found, overBudget } = join(windowsOf(integers), { ...LARGE, candidates: 500 });
    expect(found).toMatchObject([traitsOf(key), traitsOf(key)]);
    expect(overBudget).toBe(false);
  });

  it('can be stopped', () => {
    const windows = windowsOf([...noise(40, 64), ...noise(40, 128)]);
    expect(runJoin(createRsaNumbersJoin(LARGE), windows).breaths).toBeGreaterThan(10);
  });

  it('has an answer for leads at the ends of the input, and for none', () => {
    const { p } = make.rsa(512);
    const window = createWindow({ kind: 'number', encoding: 'bytes', start: 0, end: 32 }, make.le(p, 32), 0);
    expect(join([window]).found).toEqual([]);
    expect(join([])).toEqual({ found: [], secrets: [], overBudget: false });
  });
});
