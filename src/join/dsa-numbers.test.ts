import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { writeNumber } from '../../corpus/encode/numbers.ts';
import { createMake } from '../../corpus/make.ts';
import { runJoin } from '../../test/support/run-join.ts';
import { SPACING, spacedWindows } from '../../test/support/spaced-windows.ts';
import { readPrivateKey } from '../keys/asn1.ts';
import { modInverse, modPow } from '../proof/modular.ts';
import { createDsaNumbersJoin } from './dsa-numbers.ts';
import type { LeadWindow } from './join.ts';

const make = createMake('dsa-numbers');

interface Key {
  readonly p: bigint;
  readonly q: bigint;
  readonly g: bigint;
  readonly y: bigint;
  readonly x: bigint;
  readonly spki: Uint8Array;
}

function generate(modulusLength: number, divisorLength: number): Key {
  const { privateKey, publicKey } = generateKeyPairSync('dsa', { modulusLength, divisorLength });
  const der = (key: KeyObject, type: 'pkcs8' | 'spki'): Uint8Array =>
    new Uint8Array(key.export({ format: 'der', type } as { format: 'der'; type: 'spki' }));
  const parts = readPrivateKey(der(privateKey, 'pkcs8'), 0)?.parts;
  if (parts?.type !== 'dsa') throw new Error('not read');
  const { p, q, g, x } = parts.numbers;
  return { p, q, g, x, y: modPow(g, x, p), spki: der(publicKey, 'spki') };
}

const windowsOf = (values: readonly Uint8Array[], kind?: LeadWindow['lead']['kind'], first?: number): LeadWindow[] =>
  spacedWindows(make, values, kind, first);

const lengthOf = (value: bigint): number => Math.ceil(value.toString(16).length / 2);
/** q, and numbers below it or below p, each as long as that. */
const writeAll = (layout: string, { p, q }: Key, numbers: readonly bigint[]): Uint8Array[] =>
  [q, ...numbers].map((number) => writeNumber(layout, make.be(number, lengthOf(number > q ? p : q))));
const noise = (count: number, size: number) => Array.from({ length: count }, () => make.bytes(size));

function join(windows: readonly LeadWindow[], { budget = 1e9, isThinned = false } = {}) {
  const { claims, overBudget } = runJoin(createDsaNumbersJoin(budget), windows, isThinned);
  return {
    overBudget,
    found: claims.map(({ claim }) => ({ ...claim.traits, ...claim.span, verdict: claim.verdict })),
    secrets: claims.map(({ claim }) => claim.secret),
  };
}

const long = generate(2048, 256);
const short = generate(1024, 160);
const traitsOf = ({ p, spki }: Key) => ({
  algorithm: 'DSA',
  bits: p.toString(2).length,
  proof: 'd*G=Q',
  form: 'scalar',
  verdict: 'proven',
  publicKeySha256: createHash('sha256').update(spki).digest('hex'),
});

describe('p, q, g, y and x as numbers', () => {
  const LAYOUTS = ['little-endian', 'big-endian', 'java-ints', 'cpython-digits', 'tommath-digits'];

  it.each(LAYOUTS)('as %s', (layout) => {
    const numbers = writeAll(layout, long, [long.p, long.g, long.y, long.x]);
    const { found, secrets, overBudget } = join(windowsOf([...noise(5, 32), ...numbers, ...noise(5, 256)]));
    expect(found).toMatchObject([{ ...traitsOf(long), start: 10 * SPACING }]);
    expect(secrets).toEqual([make.be(long.x)]);
    expect(overBudget).toBe(false);
  });

  it.each([
    ['1024 and 160', short],
    ['2048 and 224', generate(2048, 224)],
    ['3072 and 256', generate(3072, 256)],
  ] as const)('of %s bits', (_, key) => {
    const { found } = join(windowsOf(writeAll('big-endian', key, [key.p, key.g, key.y, key.x])));
    expect(found).toMatchObject([traitsOf(key)]);
  });

  it('needs all of them', () => {
    const { p, q, g, y, x } = long;
    for (const missing of [p, q, g, y, x]) {
      const some = [p, q, g, y, x]
        .filter((number) => number !== missing)
        .map((number) => make.le(number, lengthOf(number)));
      expect(join(windowsOf(some)).found).toEqual([]);
    }
  });

  it('is likely where leads were left out', () => {
    const windows = windowsOf(writeAll('little-endian', long, [long.p, long.g, long.y, long.x]));
    expect(join(windows, { isThinned: true }).found).toMatchObject([{ verdict: 'likely', proof: 'none' }]);
  });
});

describe('a public key in a document', () => {
  const ssh = (text: Uint8Array): Uint8Array => make.concat(make.be(BigInt(text.length), 4), text);
  const mpint = (value: bigint): Uint8Array => ssh(make.concat(Uint8Array.of(0), make.be(value)));
  const { p, q, g, y } = long;
  const blob = make.concat(ssh(make.ascii('ssh-dss')), mpint(p), mpint(q), mpint(g), mpint(y));

  it.each([
    ['SubjectPublicKeyInfo', long.spki],
    ['SSH', blob],
  ])('%s, and x alone', (_, document) => {
    const windows = [...windowsOf([document], 'public-key'), ...windowsOf([make.le(long.x, 32)], 'number', 2)];
    expect(join(windows).found).toMatchObject([traitsOf(long)]);
    expect(join(windows, { isThinned: true }).found).toMatchObject([traitsOf(long)]);
  });

  it('whose parameters are none is left alone', () => {
    const bad = make.concat(ssh(make.ascii('ssh-dss')), mpint(p), mpint(q + 2n), mpint(g), mpint(y));
    for (const document of [bad, blob.slice(0, -1), long.spki.slice(0, -9)]) {
      const windows = [...windowsOf([document], 'public-key'), ...windowsOf([make.le(long.x, 32)], 'number', 2)];
      expect(join(windows).found).toEqual([]);
    }
  });

  it('says when not all numbers were tried', () => {
    const windows = [...windowsOf([long.spki], 'public-key'), ...windowsOf(noise(50, 32), 'number', 2)];
    expect(join(windows)).toMatchObject({ found: [], overBudget: false });
    expect(join(windows, { budget: 1000 })).toMatchObject({ found: [], overBudget: true });
  });
});

describe('nonces', () => {
  const { p, q, g } = long;
  const k = BigInt(`0x${Buffer.from(make.bytes(31)).toString('hex')}`);
  const power = modPow(g, k, p);
  const domain = [make.le(q, 32), make.le(p, 256), make.le(g, 256), make.le(power, 256), make.le(k, 32)];

  it.each([
    ['r of the signature', power % q],
    ['the inverse', modInverse(k, q)!],
  ])('are told by %s', (_, mark) => {
    expect(join(windowsOf([...domain, make.be(mark, 32)])).found).toEqual([]);
    // Inside of a document, at any byte.
    expect(join(windowsOf([...domain, make.concat(make.bytes(5), make.be(mark, 32), make.bytes(40))])).found).toEqual(
      [],
    );
  });

  it('do not hide the key', () => {
    const all = [...domain, make.be(power % q, 32), make.le(long.y, 256), make.le(long.x, 32)];
    expect(join(windowsOf(all)).found).toMatchObject([traitsOf(long)]);
  });
});

it('finds nothing in noise, primes and Diffie-Hellman groups', () => {
  const { p, q } = make.rsa(2048);
  const numbers = [
    make.le(p, 128),
    make.le(q, 128),
    make.le(long.p, 256),
    ...noise(50, 128),
    ...noise(50, 32),
    ...noise(50, 256),
  ];
  expect(join(windowsOf(numbers))).toMatchObject({ found: [], overBudget: false });
});
