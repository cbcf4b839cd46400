/** A SquashFS 4.0 image with stored metadata: a file of three blocks (one of zeros) and a fragment, a small one, a directory. */
import { deflateSync } from 'node:zlib';
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';
import { createRng } from '../rng.ts';
import { place, u16, u32, u64 } from './layout.ts';

const BLOCK = 4096;
const STORED = 2 ** 24;

const metadata = (bytes: Uint8Array): Uint8Array => concat(u16(0x8000 | bytes.length), bytes);
const head = (type: number, number: number): Uint8Array =>
  concat(u16(type), u16(0o644), u16(0), u16(0), u32(0), u32(number));

const listing = (entries: readonly { name: string; type: number; offset: number }[]): Uint8Array =>
  concat(
    u32(entries.length - 1),
    u32(0),
    u32(1),
    ...entries.map(({ name, type, offset }) => concat(u16(offset), u16(0), u16(type), u16(name.length - 1), name)),
  );

export function samples(): readonly ContainerSample[] {
  const rng = createRng('containers/squashfs');
  const first = new Uint8Array(BLOCK).fill(0x41);
  const third = rng.bytes(BLOCK);
  const tail = rng.bytes(60);
  const small = rng.bytes(40);
  const packed = deflateSync(first);
  const fragment = concat(tail, small);
  const dataAt = 96;
  const fragmentAt = dataAt + packed.length + BLOCK;

  const big = concat(
    head(2, 3),
    ...[u32(dataAt), u32(0), u32(0), u32(BLOCK * 3 + tail.length)],
    ...[u32(packed.length), u32(0), u32(STORED + BLOCK)],
  );
  const little = concat(
    head(9, 4),
    u64(0),
    u64(small.length),
    u64(0),
    u32(1),
    u32(0),
    u32(tail.length),
    u32(2 ** 32 - 1),
  );
  const subList = listing([{ name: 'small', type: 2, offset: big.length }]);
  const sub = concat(head(1, 2), u32(0), u32(2), u16(subList.length + 3), u16(0), u32(1));
  const rootList = listing([
    { name: 'big', type: 2, offset: 0 },
    { name: 'sub', type: 1, offset: big.length + little.length },
  ]);
  const root = concat(head(1, 1), u32(0), u32(3), u16(rootList.length + 3), u16(subList.length), u32(5));

  const inodesAt = fragmentAt + fragment.length;
  const inodes = metadata(concat(big, little, sub, root));
  const directoriesAt = inodesAt + inodes.length;
  const directories = metadata(concat(subList, rootList));
  const entriesAt = directoriesAt + directories.length;
  const entries = metadata(concat(u64(fragmentAt), u32(STORED + fragment.length), u32(0)));
  const tableAt = entriesAt + entries.length;
  const superblock = place(
    96,
    [0, concat('hsqs', u32(4), u32(0), u32(BLOCK), u32(1), u16(1), u16(12), u16(0), u16(1), u16(4), u16(0))],
    [32, u64(big.length + little.length + sub.length)],
    [40, concat(u64(tableAt + 8), u64(0), u64(0), u64(inodesAt), u64(directoriesAt), u64(tableAt))],
  );
  const bytes = concat(superblock, packed, third, fragment, inodes, directories, entries, u64(entriesAt));
  return [
    {
      name: 'blocks, zeros, a fragment, an extended inode',
      container: 'squashfs',
      bytes,
      members: [
        { name: 'big', content: concat(first, new Uint8Array(BLOCK), third, tail) },
        { name: 'sub/small', content: small },
      ],
      counts: [
        { at: 12, bytes: 4 },
        { at: 20, bytes: 2 },
        { at: 32, bytes: 8 },
        { at: 64, bytes: 8 },
        { at: 72, bytes: 8 },
        { at: 80, bytes: 8 },
        { at: inodesAt, bytes: 2 },
        { at: inodesAt + 2 + 28, bytes: 4 },
        { at: inodesAt + 2 + 32, bytes: 4 },
        { at: directoriesAt + 2, bytes: 4 },
        { at: entriesAt + 2, bytes: 8 },
        { at: entriesAt + 10, bytes: 4 },
      ],
      headerBytes: 96,
    },
  ];
}
