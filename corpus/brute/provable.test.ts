import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { searchDump } from '../brute.ts';
import { createMake } from '../make.ts';
import { findProvable } from './provable.ts';
import { type Sighting, type TrueForm, trueKey } from './truth.ts';

const folder = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
afterAll(() => rmSync(folder, { recursive: true }));

const make = createMake('provable.test');
const [rsa, ec, okp] = [make.rsa(), make.ec('P-256'), make.okp('Ed25519')];
const keys = [rsa, ec, okp].map((key) =>
  trueKey(key.type, createPrivateKey({ key: Buffer.from(make.pkcs8(key)), format: 'der', type: 'pkcs8' })),
);
const [core, raw] = ['core', 'raw'].map((name) => join(folder, name)) as [string, string];
writeFileSync(core, Buffer.from('\x7fELF\x02', 'latin1'));
writeFileSync(raw, 'raw');

function sighting(key: number, part: string, form: TrueForm, start = 4096): Sighting {
  return { key, part, form, start };
}

function provable(path: string, sightings: readonly Sighting[], shielded = false): readonly string[] {
  return findProvable(path, keys, sightings, shielded).map(({ key, forms }) => `${key} ${forms.join('+')}`);
}

test.each([
  ['p and n, in different forms', [sighting(0, 'p', 'limbs-le'), sighting(0, 'n', 'bytes-be', 77)], ['0 limbs-le']],
  ['p and q', [sighting(0, 'p', 'java-ints'), sighting(0, 'q', 'java-ints')], ['0 java-ints']],
  ['d and n', [sighting(0, 'd', 'digits-30'), sighting(0, 'n', 'digits-30')], ['0 digits-30']],
  ['d and p', [sighting(0, 'd', 'limbs-le'), sighting(0, 'p', 'limbs-le')], []],
  ['n alone', [sighting(0, 'n', 'limbs-le')], []],
  ['a scalar and its point', [sighting(1, 'd', 'bytes-be', 3), sighting(1, 'x', 'montgomery-le')], ['1 bytes-be']],
  ['a scalar alone', [sighting(1, 'd', 'limbs-le')], []],
  ['a seed and its public key', [sighting(2, 'd', 'seed', 5), sighting(2, 'x', 'bytes-be', 9)], ['2 seed']],
  ['a seed and the point of another key', [sighting(2, 'd', 'seed'), sighting(1, 'x', 'bytes-be')], []],
])('%s', (_name, sightings, expected) => {
  expect(provable(core, sightings)).toEqual(expected);
});

test('limbs are aligned in a core, and anywhere in other dumps', () => {
  const sightings = [sighting(0, 'p', 'limbs-le', 4100), sighting(0, 'n', 'bytes-be')];
  expect(provable(core, sightings)).toEqual([]);
  expect(provable(raw, sightings)).toEqual(['0 limbs-le']);
});

test('what the program shields is provable without any number', () => {
  expect(provable(core, [], true)).toEqual(['0 shielded', '1 shielded', '2 shielded']);
});

test('public numbers are seen, but are no occurrence of the key', () => {
  const path = join(folder, 'public');
  writeFileSync(
    path,
    make.concat(new Uint8Array(8), make.le(rsa.n), new Uint8Array(8), ec.x, new Uint8Array(8), okp.x),
  );
  const { occurrences, sightings } = searchDump(path, keys);
  expect(occurrences).toEqual([]);
  expect(sightings.map(({ key, part, form }) => [key, part, form])).toEqual([
    [0, 'n', 'limbs-le'],
    [1, 'x', 'bytes-be'],
    [2, 'x', 'bytes-be'],
  ]);
});
