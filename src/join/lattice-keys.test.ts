import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { runJoin } from '../../test/support/run-join.ts';
import { createWindow, type LeadWindow } from './join.ts';
import { createLatticeKeysJoin } from './lattice-keys.ts';

const make = createMake('lattice-keys');
const SPACING = 1 << 16;

const SETS = [
  ['ML-DSA-44', ml_dsa44, 32],
  ['ML-DSA-65', ml_dsa65, 32],
  ['ML-DSA-87', ml_dsa87, 32],
  ['ML-KEM-512', ml_kem512, 64],
  ['ML-KEM-768', ml_kem768, 64],
  ['ML-KEM-1024', ml_kem1024, 64],
] as const;

function windowAt(start: number, bytes: Uint8Array): LeadWindow {
  const around = make.concat(new Uint8Array(16), bytes, new Uint8Array(16));
  return createWindow({ kind: 'number', encoding: 'bytes', start, end: start + bytes.length }, around, 16);
}

const windowsOf = (...values: readonly Uint8Array[]) => values.map((bytes, i) => windowAt(SPACING * (i + 1), bytes));

function join(windows: readonly LeadWindow[], maxSeeds?: number) {
  const { claims, overBudget } = runJoin(createLatticeKeysJoin(maxSeeds), windows);
  const found = claims.map(({ claim }) => ({
    ...claim.traits,
    ...claim.span,
    verdict: claim.verdict,
    secret: claim.secret,
  }));
  return { found, overBudget };
}

describe.each(SETS)('%s', (algorithm, noble, seedBytes) => {
  const seed = make.bytes(seedBytes);
  const keys = noble.keygen(seed);
  const [expanded, publicKey] = [new Uint8Array(keys.secretKey), new Uint8Array(keys.publicKey)];
  const proven = { algorithm, verdict: 'proven', proof: 'd*G=Q', form: 'expanded', secret: expanded };

  it.each([
    ['alone', [], []],
    ['behind its public key', [publicKey], []],
    ['behind random words', [make.bytes(24)], []],
    ['before random words', [], [make.bytes(24)]],
  ])('is found %s', (_, before, after) => {
    const { found } = join(windowsOf(make.concat(...before, expanded, ...after), make.bytes(4096)));
    const start = SPACING + make.concat(...before).length;
    expect(found).toEqual([expect.objectContaining({ ...proven, start, end: start + expanded.length })]);
  });

  it('is one key wherever it lies', () => {
    const { found } = join(windowsOf(expanded, expanded));
    expect(found.map(({ start }) => start)).toEqual([SPACING, 2 * SPACING]);
    expect(new Set(found.map(({ publicKeySha256 }) => publicKeySha256)).size).toBe(1);
  });

  it('is found where a word divides it into two leads', () => {
    const [first, second] = [256, 264];
    const windows = [
      windowAt(SPACING, expanded.subarray(0, first)),
      windowAt(SPACING + second, expanded.subarray(second)),
    ];
    windows[0]!.around.set(expanded.subarray(first, first + 16), 16 + first);
    windows[1]!.around.set(expanded.subarray(second - 16, second), 0);
    expect(join(windows).found).toEqual([expect.objectContaining({ ...proven, start: SPACING })]);
  });

  it('is none when a coefficient is another one', () => {
    const damaged = expanded.slice();
    damaged[300]! ^= 1;
    expect(join(windowsOf(damaged)).found).toEqual([]);
  });
});

it('finds the seed of ML-DSA as well, and is one key with it', () => {
  const seed = make.bytes(32);
  const { secretKey } = ml_dsa65.keygen(seed);
  const other = make.bytes(32);
  const { found } = join(windowsOf(other, seed, new Uint8Array(secretKey)));
  expect(found.map(({ form, start }) => [form, start])).toEqual([
    ['expanded', 3 * SPACING],
    ['seed', 2 * SPACING],
  ]);
  for (const { secret } of found) expect(secret).toEqual(seed);
});

it('says when not all seeds were tried, and only then', () => {
  const seeds = Array.from({ length: 8 }, () => make.bytes(32));
  const { secretKey } = ml_dsa44.keygen(make.bytes(32));
  expect(join(windowsOf(...seeds, new Uint8Array(secretKey)), 4).overBudget).toBe(true);
  expect(join(windowsOf(...seeds), 4)).toEqual({ found: [], overBudget: false });
});

it('finds nothing in noise', () => {
  const noise = [176, 512, 1632, 2560, 4032, 4896, 8192].flatMap((size) => [make.bytes(size), make.bytes(size + 24)]);
  expect(join(windowsOf(...noise)).found).toEqual([]);
});
