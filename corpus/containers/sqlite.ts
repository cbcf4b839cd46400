/** SQLite files (fileformat2.html): leaf pages whose cells overflow into chains in any order, and a chain without a cell. */
import type { ContainerSample } from '../dump-sample.ts';
import { be, concat } from '../encode/text.ts';
import { createRng } from '../rng.ts';
import { place } from './layout.ts';

const PAGE = 512;
const u16be = (value: number): Uint8Array => be(BigInt(value), 2);
const u32be = (value: number): Uint8Array => be(BigInt(value), 4);
const varint = (value: number): Uint8Array =>
  value < 128 ? Uint8Array.of(value) : Uint8Array.of(128 | (value >> 7), value & 127);

export function samples(): readonly ContainerSample[] {
  const rng = createRng('containers/sqlite');
  const long = rng.bytes(1200);
  const indexed = rng.bytes(600);
  const lost = rng.bytes(2 * (PAGE - 4));
  // By the rules of 1.6 for a usable size of 512: least 39; most 477 in tables, 102 in indexes.
  const local = 39 + ((1200 - 39) % 508);
  const indexLocal = 39 + ((600 - 39) % 508);
  const cell = concat(varint(1200), varint(1), long.subarray(0, local), u32be(5));
  const indexCell = concat(varint(600), indexed.subarray(0, indexLocal), u32be(4));
  const leaf = (type: number, content: Uint8Array): Uint8Array =>
    place(
      PAGE,
      [0, concat(Uint8Array.of(type), u16be(0), u16be(1), u16be(PAGE - content.length), Uint8Array.of(0))],
      [8, u16be(PAGE - content.length)],
      [PAGE - content.length, content],
    );
  const overflow = (next: number, content: Uint8Array): Uint8Array => place(PAGE, [0, u32be(next)], [4, content]);
  const first = place(
    PAGE,
    [0, concat('SQLite format 3\0', u16be(PAGE), Uint8Array.of(1, 1, 0, 64, 32, 32))],
    [28, u32be(8)],
    [100, Uint8Array.of(13, 0, 0, 0, 0, 2, 0, 0)],
  );
  const bytes = concat(
    first,
    leaf(13, cell),
    overflow(0, long.subarray(local + 508)),
    overflow(0, indexed.subarray(indexLocal)),
    overflow(3, long.subarray(local, local + 508)),
    leaf(10, indexCell),
    overflow(8, lost.subarray(0, 508)),
    overflow(0, lost.subarray(508)),
  );
  return [
    {
      name: 'values over pages, and pages that lost their cell',
      container: 'sqlite',
      bytes,
      members: [
        { name: 'page 2 cell 0', content: long },
        { name: 'page 6 cell 0', content: indexed },
        { name: 'unlinked pages from 7', content: lost },
      ],
      counts: [
        { at: 16, bytes: 2 },
        { at: 20, bytes: 1 },
        { at: PAGE + 3, bytes: 2 },
        { at: PAGE + 8, bytes: 2 },
        { at: 2 * PAGE - cell.length, bytes: 2 },
        { at: 2 * PAGE - 4, bytes: 4 },
        { at: 4 * PAGE, bytes: 4 },
        { at: 6 * PAGE, bytes: 4 },
      ],
      headerBytes: 2 * PAGE,
    },
  ];
}
