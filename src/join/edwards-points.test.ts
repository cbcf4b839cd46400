import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { runJoin } from '../../test/support/run-join.ts';
import { scalarPublicKeys } from './edwards-scalars.ts';
import { createWindow } from './join.ts';
import { createOkpSeedsJoin } from './okp-seeds.ts';

const make = createMake('edwards-points');
const PAGE = 4096;
const CURVES = [
  { curve: 'Ed25519', p: 2n ** 255n - 19n, bits: 255, limbs: 32 },
  { curve: 'Ed448', p: 2n ** 448n - 2n ** 224n - 1n, bits: 448, limbs: 56 },
] as const;

/** Each in an allocation of its own. */
function find(values: readonly Uint8Array[]) {
  const windows = values.map((bytes, i) => {
    const start = PAGE * (i + 1);
    const header = make.le(BigInt(bytes.length + 8) | 1n, 8);
    const around = make.concat(make.le(0n, 8), header, bytes, make.le(0n, 16));
    return createWindow({ kind: 'number', encoding: 'bytes', start, end: start + bytes.length }, around, 16);
  });
  return runJoin(createOkpSeedsJoin(1e9), windows).claims.map(({ claim }) => claim.traits['publicKeySha256']);
}

const littleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${make.hex(bytes.slice().reverse())}`);

/** Digits of so many bits each, repeated, of which every second one has borrowed from the next. */
function digitsOf(value: bigint, bits: readonly number[], wordBytes: number, count: number): Uint8Array {
  const digits: bigint[] = [];
  for (let i = 0, rest = value; i < count; i++) {
    const width = BigInt(bits[i % bits.length]!);
    const digit =
      i % 2 === 0 && i < count - 1 ? BigInt.asIntN(Number(width), rest) : BigInt.asUintN(Number(width), rest);
    digits.push(BigInt.asUintN(8 * wordBytes, digit));
    rest = (rest - digit) >> width;
  }
  return make.concat(...digits.map((digit) => make.le(digit, wordBytes)));
}

describe.each(CURVES)('$curve', ({ curve, p, bits, limbs }) => {
  const key = make.okp(curve);
  const y = littleEndian(key.x) % 2n ** BigInt(bits);
  const random = (): bigint => littleEndian(make.bytes(limbs)) % p;
  const z = random();
  const point = [random(), (y * z) % p, z];
  const wanted = [make.publicKeySha256(key)];
  const inLimbs = (value: bigint): Uint8Array => make.le(value, limbs);

  it.each(
    curve === 'Ed25519'
      ? [
          { digits: [26, 25], wordBytes: 4, count: 10 },
          { digits: [26, 26, 25, 26, 25], wordBytes: 4, count: 10 },
          { digits: [51], wordBytes: 8, count: 5 },
        ]
      : [
          { digits: [28], wordBytes: 4, count: 16 },
          { digits: [56], wordBytes: 8, count: 8 },
        ],
  )('finds a key by its point in digits of $digits bits', ({ digits, wordBytes, count }) => {
    const write = (value: bigint): Uint8Array => digitsOf(value, digits, wordBytes, count);
    expect(find([make.concat(...point.map(write), write(random())), key.d])).toEqual(wanted);
    expect(find([make.concat(make.bytes(8), ...point.map(write)), key.d])).toEqual(wanted);
    expect(find([make.concat(write(random()), write(random()), write(z)), key.d])).toEqual([]);
  });

  it('finds a key by its point in limbs', () => {
    const residues = point.map((value) => (value << BigInt(8 * limbs)) % p);
    for (const coordinates of [point, residues]) {
      expect(find([make.concat(...coordinates.map(inLimbs)), key.d])).toEqual(wanted);
      expect(find([...coordinates.map(inLimbs), key.d])).toEqual(wanted);
    }
    const [x, , other] = residues;
    expect(find([...[x!, other!, 0n].map(inLimbs), key.d])).toEqual([]);
  });
});

it('takes no key of X25519, whose point was computed on the curve of Ed25519, for one of Ed25519', () => {
  const key = make.okp('X25519');
  const scalar = key.d.slice();
  scalar[0]! &= 0xf8;
  scalar[31] = (scalar[31]! & 0x3f) | 0x40;
  const { p } = CURVES[0];
  const y = littleEndian(scalarPublicKeys([scalar])[0]!) % 2n ** 255n;
  const [x, z] = [make.bytes(32), make.bytes(32)].map((bytes) => littleEndian(bytes) % p) as [bigint, bigint];
  const point = make.concat(...[x, (y * z) % p, z].map((value) => make.le(value, 32)));
  expect(new Set(find([point, scalar, key.x, key.d]))).toEqual(new Set([make.publicKeySha256(key)]));
  expect(find([point, scalar])).toHaveLength(1);
});
