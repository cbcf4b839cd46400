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
  return findProvable(path, keys, sightings, { shielded }).map(({ key, forms }) => `${key} ${forms.join('+')}`);
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

test('a key of HMAC is provable by a token, as octets, text or midstates', () => {
  const [key, inner, outer] = [make.bytes(32), make.bytes(32), make.bytes(32)];
  const mac = { type: 'mac' as const, hash: 'sha256' as const, key, inner, outer, token: 'eyJhbGciOiJIUzI1NiJ9.e30.x' };
  const path = join(folder, 'mac');
  const states = [inner, outer].map((state) => new Uint8Array(Buffer.from(state).swap32()));
  for (const [parts, forms] of [
    [[key, mac.token], ['mac-key']],
    [[make.base64(key), mac.token], ['mac-base64']],
    [[...states, mac.token], ['midstate']],
    [[states[0]!, mac.token], []],
    [[key, ...states], []],
  ] as const) {
    writeFileSync(path, make.concat(...parts.flatMap((part) => [new Uint8Array(8), part])));
    const own = [{ label: 'mac', publicKeySha256: '', key: mac }];
    const { sightings } = searchDump(path, own);
    expect(findProvable(path, own, sightings).flatMap((found) => found.forms)).toEqual(forms);
  }
});

test('a nonce is provable with its signature, the digest and the public key', () => {
  const nonce = { k: make.bytes(32), r: make.bytes(32), s: make.bytes(32), digest: make.bytes(32) };
  const own = [{ ...keys[1]!, nonce }];
  const path = join(folder, 'nonce');
  const all = [make.le(BigInt(`0x${make.hex(nonce.k)}`), 32), nonce.r, nonce.s, nonce.digest, ec.x];
  for (const missing of [undefined, 0, 1, 2, 3, 4]) {
    const parts = all.filter((_, i) => i !== missing);
    writeFileSync(path, make.concat(...parts.flatMap((part) => [new Uint8Array(8), part])));
    const { sightings } = searchDump(path, own);
    expect(findProvable(path, own, sightings)).toHaveLength(missing === undefined ? 1 : 0);
  }
});

test('an inventory has the public half', () => {
  const found = findProvable(raw, keys, [sighting(1, 'd', 'limbs-le'), sighting(0, 'p', 'smi-28')], {
    inventory: true,
  });
  expect(found.map(({ key, forms }) => `${key} ${forms.join('+')}`)).toEqual(['0 smi-28', '1 limbs-le']);
});
