import { expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { runJoin } from '../../test/support/run-join.ts';
import { bigintFromBe } from '../bytes/limbs.ts';
import { parametersOf } from '../proof/short-curves.ts';
import { createEcScalarsJoin } from './ec-scalars.ts';
import { createWindow } from './join.ts';

const make = createMake('jacobian-points');
const PAGE = 4096;

/** Numbers as limbs, each in an allocation of its own. */
function find(numbers: readonly bigint[], size: number) {
  const windows = numbers.map((number, i) => {
    const start = PAGE * (i + 1);
    const length = Math.ceil(size / 8) * 8;
    const around = make.concat(
      make.le(0n, 8),
      make.le(BigInt(length + 8) | 1n, 8),
      make.le(number, length),
      make.le(0n, 16),
    );
    return createWindow({ kind: 'number', encoding: 'bytes', start, end: start + length }, around, 16);
  });
  return runJoin(createEcScalarsJoin(), windows).claims.map(({ claim }) => claim.traits['publicKeySha256']);
}

/** As OpenSSL keeps them, or mirage-crypto (P-521). */
const FORMS = [
  ['P-256', 'Montgomery'],
  ['P-256', 'plain'],
  ['P-384', 'Montgomery'],
  ['P-384', 'plain'],
  ['P-521', 'plain'],
  ['P-521', 'Montgomery'],
  ['secp256k1', 'Montgomery'],
] as const;

it.each(FORMS)('a key on %s whose point is nowhere reduced, %s', (curve, form) => {
  const { p, size } = parametersOf(curve);
  const r = form === 'plain' ? 1n : 1n << BigInt(Math.ceil(size / 8) * 64);
  const key = make.ec(curve);
  const [d, x, y] = [key.d, key.x, key.y].map((bytes) => bigintFromBe(bytes)) as [bigint, bigint, bigint];
  const random = (): bigint => bigintFromBe(make.bytes(size)) % p;
  const z = random();
  const [X, Y, Z] = [x * z ** 2n, y * z ** 3n, z].map((number) => (number * r) % p) as [bigint, bigint, bigint];
  const others = Array.from({ length: 20 }, random);
  const wanted = [make.publicKeySha256(key)];
  // Of what was freed before, OpenSSL may have taken the room for one of them.
  expect(find([X, ...others, Y, random(), Z, d], size)).toEqual(wanted);
  expect(find([d, Z, random(), X, ...others, Y], size)).toEqual(wanted);
  expect(find([d, X, Y, ...others], size)).toEqual([]);
  // Nothing is divided by zero.
  expect(find([0n, X, ...others, Y, random(), Z, d], size)).toEqual(wanted);
});
