/** Puts planted bytes into surroundings like those of a real dump. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { concat } from './encode/text.ts';
import type { Rng } from './rng.ts';

/** `code` is machine code and tables from the running Node binary; `pointers` is what heaps are made of. */
export const SURROUNDINGS = ['zeros', 'random', 'text', 'code', 'pointers', 'base64'] as const;
export type Surroundings = (typeof SURROUNDINGS)[number];

const WORDS = 'the of key error request session server certificate in begin private user host timeout at null'.split(
  ' ',
);

export function surroundings(kind: Surroundings, length: number, rng: Rng): Uint8Array {
  switch (kind) {
    case 'zeros':
      return new Uint8Array(length);
    case 'random':
      return rng.bytes(length);
    case 'text':
      return fill(length, () => `${rng.pick(WORDS)}${rng.pick([' ', ' ', ' ', ': ', '=', '\n', '", "'])}`);
    case 'code':
      return code(length, rng);
    case 'pointers':
      return fill(length, () =>
        concat(rng.bytes(3), Uint8Array.of(0x12 + rng.int(8), 0x7f, 0x55, 0, 0).subarray(0, 5)),
      );
    case 'base64':
      return fill(length, () => Buffer.from(rng.bytes(48)).toString('base64'));
  }
}

/** `length` bytes of surroundings with `planted` at `at`; the rest is as it would be without it. */
export function plant(
  planted: Uint8Array,
  where: { readonly kind: Surroundings; readonly length: number; readonly at: number },
  rng: Rng,
): Uint8Array {
  if (where.at + planted.length > where.length) throw new RangeError('the planted bytes do not fit');
  const bytes = surroundings(where.kind, where.length, rng);
  bytes.set(planted, where.at);
  return bytes;
}

function fill(length: number, next: () => Uint8Array | string): Uint8Array {
  const out = new Uint8Array(length);
  // A stock of pieces, repeated in a changing order, costs little for long surroundings.
  const stock = Array.from({ length: 997 }, () => concat(next()));
  for (let at = 0, turn = 0; at < length; turn++) {
    const piece = stock[(turn * (1 + Math.floor(turn / stock.length))) % stock.length]!;
    out.set(piece.subarray(0, length - at), at);
    at += piece.length;
  }
  return out;
}

function code(length: number, rng: Rng): Uint8Array {
  const out = new Uint8Array(length);
  const { size } = statSync(process.execPath);
  const file = openSync(process.execPath, 'r');
  try {
    for (let at = 0; at < length; at += 65_536) {
      readSync(file, out, at, Math.min(65_536, length - at), rng.int(Math.max(1, size - 65_536)));
    }
  } finally {
    closeSync(file);
  }
  return out;
}
