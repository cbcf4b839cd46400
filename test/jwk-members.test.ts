/** Keys whose members lie apart, from the bytes to the finding: kernel, leads, join, seal. */
import { expect, it } from 'vitest';
import { createMake } from '../corpus/make.ts';
import { createRng } from '../corpus/rng.ts';
import { surroundings } from '../corpus/wraps.ts';
import detectors from '../patterns/index.ts';
import { createScanner } from './support/scan-bytes.ts';

const make = createMake('members');
const rsa = make.rsa(2048);
const ec = make.ec('P-384');
const ed = make.okp('Ed25519');
const SPACING = 100_003;

/** One-byte strings of V8: map, hash, length, characters; the next object follows at a multiple of 8. */
function heapString(text: string): Uint8Array {
  const head = make.concat(make.bytes(8), make.le(BigInt(make.int(2 ** 31)), 4), make.le(BigInt(text.length), 4), text);
  const padded = new Uint8Array(Math.ceil(head.length / 8) * 8);
  padded.set(head);
  // The next object's map: tagged pointers end in 1, and look like a character now and then.
  return make.concat(padded, Uint8Array.of(0x41, 0x31, 0x80, 0x3e, 0x12, 0, 0, 0));
}

function heap(values: readonly string[]): Uint8Array {
  const bytes = surroundings('pointers', SPACING * (values.length + 1), createRng('heap'));
  for (const [i, value] of values.entries()) bytes.set(heapString(value), SPACING * (i + 1));
  return bytes;
}

const members = [rsa, ec, ed].flatMap((key) =>
  Object.entries(make.jwk(key)).flatMap(([name, value]) => (['kty', 'crv', 'e'].includes(name) ? [] : [value])),
);

it('finds each key once, with a place for each private member', async () => {
  const scanner = await createScanner(detectors, { chunkBytes: 65_536 });
  const { findings, gaps, leads } = await scanner.scanAndJoin(heap([...members].reverse()));
  expect(gaps).toEqual([]);
  expect(leads.filter(({ kind }) => kind === 'base64url-value').length).toBe(members.length);
  const joined = findings.filter(({ detector }) => detector === 'jwk-members');
  const places = new Map<string, number>();
  for (const { traits } of joined) {
    expect(traits.form).toBe('jwk-members');
    places.set(traits.publicKeySha256!, (places.get(traits.publicKeySha256!) ?? 0) + 1);
  }
  expect(Object.fromEntries(places)).toEqual({
    [make.publicKeySha256(rsa)]: 6,
    [make.publicKeySha256(ec)]: 1,
    [make.publicKeySha256(ed)]: 1,
  });
});

it('says nothing about public keys', async () => {
  const scanner = await createScanner(detectors, { chunkBytes: 65_536 });
  const [{ n }, { x, y }] = [make.jwk(rsa), make.jwk(ec)] as [Record<'n', string>, Record<'x' | 'y', string>];
  const { findings } = await scanner.scanAndJoin(heap([n, x, y]));
  expect(findings.filter(({ verdict }) => verdict === 'proven')).toEqual([]);
});
