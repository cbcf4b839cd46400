/** Keys in the memory of a big-endian machine, each number as its programs compute with it. */
import { expect, it } from 'vitest';
import { writeNumber } from '../corpus/encode/numbers.ts';
import { createMake } from '../corpus/make.ts';
import type { Format } from '../src/model/format.ts';
import { createScanner } from './support/scan-bytes.ts';

const make = createMake('big-endian');
const PAGE = 4096;

const formatOf = (bits: 32 | 64): Format => ({
  id: 'memory',
  title: 'memory of a big-endian machine',
  doc: '',
  recognise: () => true,
  readLayout: async () => ({ regions: [], gaps: [], pointerBytes: bits / 8, bigEndian: true }),
});

/** Words that are little-endian, turned round, and zeros to fill the last one. */
function turn(bytes: Uint8Array, wordBytes: number): Uint8Array {
  const words = make.concat(bytes, new Uint8Array((wordBytes - (bytes.length % wordBytes)) % wordBytes));
  for (let at = 0; at < words.length; at += wordBytes) words.subarray(at, at + wordBytes).reverse();
  return words;
}

it.each([
  ['limbs of 64 bits', 64, 'little-endian', 8],
  ['limbs of 32 bits', 32, 'little-endian', 4],
  ['digits of 30 bits', 64, 'cpython-digits', 4],
  ['digits of 60 bits', 64, 'tommath-digits', 8],
] as const)('%s', async (_, bits, layout, wordBytes) => {
  const [rsa, p256, p521] = [make.rsa(2048), make.ec('P-256'), make.ec('P-521')];
  const numbers = [
    ...[rsa.p, rsa.q].map((prime) => make.be(prime, 128)),
    make.be(rsa.n, 256),
    ...[p256, p521].flatMap(({ d, x, y }) => [d, x, y]),
  ];
  const pointer = (): Uint8Array => make.be(0x3ff_a5b6_0000n + BigInt(make.int(2 ** 20)) * 8n, 8);
  const memory = numbers.flatMap((number) => {
    const object = turn(writeNumber(layout, number), wordBytes);
    const header = [make.be(0n, 8), make.be(BigInt(object.length + 8) | 1n, 8)];
    // Of a structure: a word that looks random where it is read as little-endian.
    const before = bits === 64 ? [pointer()] : [];
    return [...header, ...before, object, make.be(0n, 16 - (object.length % 8))];
  });
  const scanner = await createScanner([], { plugins: { formats: [formatOf(bits)] } });
  const { findings, gaps } = await scanner.scanAndJoin(
    make.concat(new Uint8Array(PAGE), ...memory, new Uint8Array(PAGE)),
  );
  expect(gaps).toEqual([]);
  const found = new Set(findings.map(({ traits }) => traits['publicKeySha256']));
  expect(found).toEqual(new Set([rsa, p256, p521].map((key) => make.publicKeySha256(key))));
  // A number that is shorter than its words: all that holds its bytes is named.
  const { places } = findings.find(({ traits }) => traits['publicKeySha256'] === make.publicKeySha256(p521))!;
  const object = Math.ceil(writeNumber(layout, p521.d).length / wordBytes) * wordBytes;
  expect(places.map(({ start, end }) => end - start)).toEqual([object]);
});
