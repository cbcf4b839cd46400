/**
 * Where in a structure a key may lie: from the kernel's leads to the numbers that joins try, no key is lost that begins within a
 * word, behind a field of any size, or between other members. Memory of a 64-bit program, keys of 32, 48 and 128 bytes.
 */
import { describe, expect, it } from 'vitest';
import { createMake } from '../corpus/make.ts';
import { CandidateSet, readPrivateCandidates } from '../src/join/candidates.ts';
import { AROUND_BYTES, createWindow, type LeadWindow } from '../src/join/join.ts';
import { BIG_ENDIAN, LITTLE_ENDIAN } from '../src/join/number-layouts.ts';
import { FIT, readNumbers } from '../src/join/number-reader.ts';
import { createKernel } from '../src/kernel/create.ts';
import { createPlan } from '../src/kernel/plan.ts';

const make = createMake('alignments');
const PAGE = 4096;
const WINDOW = 64 * PAGE;
const KEYS = 100;
/** One key in a hundred has a zero byte or a text where it shows least. */
const LEAST_FOUND = 95;

const kernel = createKernel(createPlan([], { leads: true }), {
  chunkBytes: WINDOW,
  marginBytes: 9 * PAGE,
  simd: 'relaxed',
});

const zeros = (count: number): Uint8Array => new Uint8Array(count);
const u32 = (value: number): Uint8Array => make.le(BigInt(value), 4);
const pointer = (): Uint8Array => make.le(0x7f00_0000_0000n + BigInt(make.int(2 ** 28)) * 8n, 8);
/** Pointers, counts and zeros, as between the keys of a heap. */
const heap = (): Uint8Array =>
  make.concat(...Array.from({ length: 16 }, () => (make.int(3) > 0 ? pointer() : make.le(BigInt(make.int(200)), 8))));

const aligned = (...parts: readonly Uint8Array[]): Uint8Array => {
  const bytes = make.concat(...parts);
  return make.concat(bytes, zeros((8 - (bytes.length % 8)) % 8));
};

type Structure = (key: Uint8Array) => Uint8Array;

const STRUCTURES: Record<string, Structure> = {
  'an allocation': (key) => aligned(make.le(0x31n, 8), key, make.le(0x41n, 8)),
  'behind a u32': (key) => aligned(pointer(), u32(1), u32(7), u32(key.length), key, u32(3)),
  'between a u32 and another': (key) => aligned(pointer(), u32(1), key, u32(2), pointer()),
  'between pointers': (key) => aligned(pointer(), key, pointer()),
  'behind text': (key) => aligned(make.le(0x61n, 8), make.ascii('private='), key, zeros(5)),
};
for (let shift = 0; shift < 8; shift++) {
  STRUCTURES[`${shift} zeros`] = (key) => aligned(make.le(9n, 8), zeros(shift), key, zeros(9));
  STRUCTURES[`a type, ${shift} bytes into a word`] = (key) =>
    aligned(make.le(9n, 8), zeros((shift + 7) % 8), Uint8Array.of(1), key, zeros(3));
  STRUCTURES[`a u16 length and ${shift} bytes`] = (key) =>
    aligned(zeros(8 + shift), make.le(BigInt(key.length), 2), key, Uint8Array.of(0, 2, 0));
}

/** Members that look random, too. Of primes alone there are none in such structures. */
const BETWEEN: Readonly<Record<string, Structure>> = {
  'between texts': (key) => aligned(pointer(), make.ascii('a key to sign w.'), key, make.ascii('then other text.')),
  'the second of three, behind a pointer': (key) => aligned(pointer(), make.bytes(32), key, make.bytes(32), pointer()),
  'the third of five, behind a pointer': (key) => aligned(pointer(), make.bytes(64), key, make.bytes(64), pointer()),
  'the second of three, behind a u32': (key) => aligned(pointer(), u32(7), make.bytes(32), key, make.bytes(32), u32(0)),
};

/** What the kernel marks in memory with all the keys. */
function leadsOf(keys: readonly Uint8Array[], structure: Structure): LeadWindow[] {
  const memory = make.concat(heap(), ...keys.flatMap((key) => [structure(key), heap()]));
  kernel.window.fill(0);
  kernel.window.set(memory);
  const windows: LeadWindow[] = [];
  kernel.search(0, Math.ceil(memory.length / PAGE) * PAGE, memory.length, (_, at, length) => {
    const from = Math.max(0, at - AROUND_BYTES);
    const lead = { kind: 'number', encoding: 'bytes', start: at, end: at + length } as const;
    windows.push(createWindow(lead, memory.slice(from, at + length + AROUND_BYTES), at - from));
  });
  return windows;
}

function countScalars(structure: Structure, size: number): number {
  const keys = Array.from({ length: KEYS }, () => make.bytes(size));
  const candidates = new CandidateSet(size);
  const steps = readPrivateCandidates(leadsOf(keys, structure), candidates, { layouts: [BIG_ENDIAN] });
  while (steps.next().done !== true);
  const read = new Set(Array.from({ length: candidates.count }, (_, i) => make.hex(candidates.bytesOf(i))));
  return keys.filter((key) => read.has(make.hex(key))).length;
}

function countPrimes(structure: Structure): number {
  const keys = Array.from({ length: KEYS }, () => make.bytes(128));
  const read = new Set<string>();
  const options = { unaligned: true, fit: FIT.end, layouts: [BIG_ENDIAN, LITTLE_ENDIAN] } as const;
  const steps = readNumbers(leadsOf(keys, structure), 128, (number) => read.add(make.hex(number)), options);
  while (steps.next().done !== true);
  return keys.filter((key) => read.has(make.hex(key))).length;
}

describe.each([32, 48])('keys of %d bytes', (size) => {
  it.each(Object.entries({ ...STRUCTURES, ...BETWEEN }))('%s', (_, structure) => {
    expect(countScalars(structure, size)).toBeGreaterThanOrEqual(LEAST_FOUND);
  });
});

describe('keys of 128 bytes', () => {
  it.each(Object.entries(STRUCTURES))('%s', (_, structure) => {
    expect(countPrimes(structure)).toBeGreaterThanOrEqual(LEAST_FOUND);
  });
});
