import { expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { u32le } from '../bytes/reader.ts';
import { Contents } from './contents.ts';

const make = createMake('contents');

function contentsOf(pieces: readonly Uint8Array[]): Contents {
  const steps = Contents.of(pieces);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

const mayHold = (contents: Contents, bytes: Uint8Array, at = 0): boolean =>
  contents.mayHold(u32le(bytes, at)!, u32le(bytes, at + 4)!);

it('knows all that is there, at every offset', () => {
  const pieces = [make.bytes(100), make.bytes(8), make.bytes(7), new Uint8Array(0), make.bytes(5000)];
  const contents = contentsOf(pieces);
  for (const piece of pieces) {
    for (let at = 0; at + 8 <= piece.length; at++) expect(mayHold(contents, piece, at)).toBe(true);
  }
});

it('says no to most that is not, and to everything after it was wiped', () => {
  const piece = make.bytes(50_000);
  const contents = contentsOf([piece]);
  const others = Array.from({ length: 2000 }, () => make.bytes(8));
  expect(others.filter((bytes) => mayHold(contents, bytes)).length).toBeLessThan(250);
  contents.wipe();
  expect(mayHold(contents, piece)).toBe(false);
});

it('breathes', () => {
  const pieces = Array.from({ length: 10_000 }, () => make.bytes(8));
  expect([...Contents.of(pieces)].length).toBe(2);
});
