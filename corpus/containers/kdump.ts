/** Writes kdump files, as makedumpfile's diskdump_mod.h has their structures. */
import { deflateSync } from 'node:zlib';
import type { ContainerSample } from '../dump-sample.ts';
import { Binary } from '../encode/binary.ts';
import { snappyBlock } from '../encode/snappy.ts';
import { concat } from '../encode/text.ts';

const PAGE = 4096;

export interface KdumpOptions {
  readonly words: 32 | 64;
  readonly order: 'little' | 'big';
  readonly flattened: boolean;
  /** Numbers of the dumped pages, and how each is stored. */
  readonly pages: readonly { readonly number: number; readonly method: Method; readonly bytes: Uint8Array }[];
  /** Part of a split dump: `[first, end)`. */
  readonly split?: readonly [number, number];
}

export type Method = 'raw' | 'zlib' | 'lzo' | 'snappy' | 'zstd';

const FLAGS: Readonly<Record<Method, number>> = { raw: 0, zlib: 1, lzo: 2, snappy: 4, zstd: 0x20 };

/** Literals only: 0, zeros that count 255 each, the rest; then the end. */
function lzoLiterals(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length - 3 - 15;
  const zeros = Math.floor((rest - 1) / 255);
  const head = [0, ...new Array<number>(zeros).fill(0), rest - zeros * 255];
  return concat(Uint8Array.from(head), bytes, Uint8Array.of(0x11, 0, 0));
}

/** A frame of RFC 8878 with its size, one window, and one raw block. */
function zstdRaw(bytes: Uint8Array): Uint8Array {
  const block = (bytes.length << 3) | 1;
  const size = bytes.length - 256;
  const head = [0x28, 0xb5, 0x2f, 0xfd, 0x60, size & 0xff, size >> 8, block & 0xff, (block >> 8) & 0xff, block >> 16];
  return concat(Uint8Array.from(head), bytes);
}

function store(method: Method, bytes: Uint8Array): Uint8Array {
  if (method === 'zlib') return new Uint8Array(deflateSync(bytes));
  if (method === 'lzo') return lzoLiterals(bytes);
  if (method === 'zstd') return zstdRaw(bytes);
  return method === 'snappy' ? snappyBlock(bytes) : bytes;
}

function header({ words, order, split }: KdumpOptions, bitmapBlocks: number, maxPage: number): Binary {
  const out = new Binary(order).bytes('KDUMP   ').u32(6);
  for (const field of ['Linux', 'host', '6.1.0', '#1', 'x86_64', '']) out.bytes(field).zeros(65 - field.length);
  out.pad(words / 8).zeros(words / 4);
  out.u32(0).count(4, PAGE).count(4, 1).count(4, bitmapBlocks).count(4, maxPage).u32(0, 1, 0, 0, 0, 1, 0).pad(PAGE);
  const long = (value: number): Binary => out.count(words === 64 ? 8 : 4, value);
  long(0).u32(31, split ? 1 : 0);
  long(split?.[0] ?? 0);
  long(split?.[1] ?? 0);
  return out.pad(PAGE);
}

export function writeKdump(options: KdumpOptions): ContainerSample {
  const { pages, split, order } = options;
  const maxPage = pages.reduce((max, { number }) => Math.max(max, number), 0) + 1;
  const bitmapBytes = Math.ceil(maxPage / 8 / PAGE) * PAGE;
  const bitmap = new Uint8Array(bitmapBytes);
  for (const { number } of pages) bitmap[number >> 3]! |= 1 << (number & 7);
  const out = header(options, (2 * bitmapBytes) / PAGE, maxPage)
    .zeros(bitmapBytes)
    .bytes(bitmap);
  const inFile = pages.filter(({ number }) => !split || (number >= split[0] && number < split[1]));
  const stored = inFile.map(({ method, bytes }) => store(method, bytes));
  let at = out.at + 24 * stored.length;
  for (const [i, bytes] of stored.entries()) {
    out.count(8, at).count(4, bytes.length).count(4, FLAGS[inFile[i]!.method]).u64(0);
    at += bytes.length;
  }
  out.bytes(...stored);
  const plain = out.done();
  const content = concat(...inFile.map(({ bytes }) => bytes));
  const methods = [...new Set(inFile.map(({ method }) => method))].join(', ');
  return {
    name: `${options.words} bits, ${order}-endian, ${methods}${split ? ', split' : ''}${options.flattened ? ', flattened' : ''}`,
    container: 'kdump',
    bytes: options.flattened ? flatten(plain) : plain,
    members: [{ name: 'memory', content }],
    counts: options.flattened
      ? [
          { at: PAGE, bytes: 8 },
          { at: PAGE + 8, bytes: 8 },
        ]
      : out.counts,
    headerBytes: 480,
  };
}

/** Written in pieces, the second half before the first, and the header twice: the later one counts. */
function flatten(file: Uint8Array): Uint8Array {
  const out = new Binary('big').bytes('makedumpfile').zeros(4).u64(1, 1).pad(PAGE);
  const write = (from: number, to: number, bytes = file.subarray(from, to)): void => {
    out.u64(from, to - from).bytes(bytes);
  };
  write(0, PAGE, new Uint8Array(PAGE).fill(0xaa));
  const half = Math.floor(file.length / 2 / 1000) * 1000;
  for (let at = half; at < file.length; at += 5000) write(at, Math.min(at + 5000, file.length));
  for (let at = PAGE; at < half; at += 3001) write(at, Math.min(at + 3001, half));
  write(0, PAGE);
  return out.u64(0xffff_ffff_ffff_ffffn, 0xffff_ffff_ffff_ffffn).done();
}

export function samplePages(): KdumpOptions['pages'] {
  const bytes = (seed: number): Uint8Array =>
    Uint8Array.from({ length: PAGE }, (_, i) => (i % 64 < 40 ? seed : i * seed));
  const methods = ['raw', 'zlib', 'lzo', 'snappy', 'zstd'] as const;
  return [1, 2, 3, 9, 10, 40_000].map((number, i) => ({ number, method: methods[i % 5]!, bytes: bytes(number % 251) }));
}

export function samples(): readonly ContainerSample[] {
  const pages = samplePages();
  return [
    writeKdump({ words: 64, order: 'little', flattened: false, pages }),
    writeKdump({ words: 64, order: 'big', flattened: false, pages }),
    writeKdump({ words: 32, order: 'little', flattened: false, pages }),
    writeKdump({ words: 64, order: 'little', flattened: true, pages }),
    writeKdump({ words: 64, order: 'little', flattened: false, pages, split: [3, 11] }),
  ];
}
