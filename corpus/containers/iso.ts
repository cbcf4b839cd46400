/** ISO 9660 images (ECMA-119) with Rock Ridge names, a Joliet tree, and a file of two extents. */
import { deflateSync } from 'node:zlib';
import type { ContainerSample } from '../dump-sample.ts';
import { ascii, concat, utf16be } from '../encode/text.ts';
import { createRng } from '../rng.ts';
import { both32, padTo, place, u16, u32 } from './layout.ts';

const SECTOR = 2048;

interface Row {
  readonly name: Uint8Array;
  readonly sector: number;
  readonly size: number;
  readonly flags?: number;
  readonly system?: Uint8Array;
}

function record({ name, sector, size, flags = 0, system = new Uint8Array(0) }: Row): Uint8Array {
  const length = 33 + name.length + (name.length % 2 ? 0 : 1);
  const bytes = padTo(concat(new Uint8Array(length), system), 2);
  bytes[0] = bytes.length;
  bytes.set(both32(sector), 2);
  bytes.set(both32(size), 10);
  bytes[25] = flags;
  bytes.set([...u16(1), 0, 1], 28);
  bytes[32] = name.length;
  bytes.set(name, 33);
  return bytes;
}

function directory(sector: number, parent: number, rows: readonly Row[]): Uint8Array {
  const self = { name: Uint8Array.of(0), sector, size: SECTOR, flags: 2 };
  const up = { name: Uint8Array.of(1), sector: parent, size: SECTOR, flags: 2 };
  return concat(...[self, up, ...rows].map(record));
}

function descriptor(type: number, rootSector: number, escapeSequence = ''): Uint8Array {
  const root = record({ name: Uint8Array.of(0), sector: rootSector, size: SECTOR, flags: 2 });
  return place(
    SECTOR,
    [0, concat(Uint8Array.of(type), 'CD001', Uint8Array.of(1))],
    [88, ascii(escapeSequence)],
    [128, Uint8Array.of(0, 8, 8, 0)],
    [156, root],
  );
}

const nm = (name: string): Uint8Array => concat('NM', Uint8Array.of(5 + name.length, 1, 0), name);

export function samples(): readonly ContainerSample[] {
  const rng = createRng('containers/iso');
  const a = rng.bytes(3000);
  const b = rng.bytes(100);
  const hidden = rng.bytes(70);
  const extents = [rng.bytes(SECTOR), rng.bytes(10)];
  const packed = concat(new Uint8Array(40_000).fill(0x61), rng.bytes(2000));
  const blocks = [packed.subarray(0, 32_768), packed.subarray(32_768)].map((block) => deflateSync(block));
  const table = [28, 28 + blocks[0]!.length, 28 + blocks[0]!.length + blocks[1]!.length];
  const zisofs = concat(
    Uint8Array.of(0x37, 0xe4, 0x53, 0x96, 0xc9, 0xdb, 0xd6, 0x07),
    u32(packed.length),
    Uint8Array.of(4, 15, 0, 0),
    ...table.map(u32),
    ...blocks,
  );
  const zf = concat('ZF', Uint8Array.of(16, 1), 'pz', Uint8Array.of(4, 15), both32(packed.length));
  const file = (name: string, sector: number, size: number, more: Partial<Row> = {}): Row => ({
    name: ascii(name),
    sector,
    size,
    ...more,
  });
  const image = place(
    48 * SECTOR,
    [16 * SECTOR, descriptor(1, 20)],
    [17 * SECTOR, descriptor(2, 22, '%/E')],
    [18 * SECTOR, descriptor(255, 0)],
    [
      20 * SECTOR,
      directory(20, 20, [
        file('A.TXT;1', 24, a.length, { system: nm('a long name.txt') }),
        file('BIG.;1', 27, SECTOR, { flags: 0x80 }),
        file('BIG.;1', 28, 10),
        file('SUB', 21, SECTOR, { flags: 2, system: nm('sub') }),
        file('Z.;1', 32, zisofs.length, { system: concat(nm('z'), zf) }),
      ]),
    ],
    [21 * SECTOR, directory(21, 20, [file('B.;1', 26, b.length, { system: nm('b') })])],
    [
      22 * SECTOR,
      directory(22, 22, [
        { name: utf16be('again.txt'), sector: 24, size: a.length },
        { name: utf16be('häufig.txt'), sector: 29, size: hidden.length },
      ]),
    ],
    [24 * SECTOR, a],
    [26 * SECTOR, b],
    [27 * SECTOR, extents[0]!],
    [28 * SECTOR, extents[1]!],
    [29 * SECTOR, hidden],
    [32 * SECTOR, zisofs],
  );
  const members = [
    { name: 'a long name.txt', content: a },
    { name: 'BIG', content: concat(...extents) },
    { name: 'z', content: packed },
    { name: 'sub/b', content: b },
    { name: 'häufig.txt', content: hidden },
  ];
  const root = 20 * SECTOR;
  return [
    {
      name: 'Rock Ridge, Joliet, two extents, zisofs',
      container: 'iso',
      bytes: image,
      members,
      counts: [
        { at: 16 * SECTOR + 128, bytes: 2 },
        { at: 16 * SECTOR + 158, bytes: 4 },
        { at: 16 * SECTOR + 166, bytes: 4 },
        { at: root + 68, bytes: 1 },
        { at: root + 70, bytes: 4 },
        { at: root + 78, bytes: 4 },
        { at: 32 * SECTOR + 8, bytes: 4 },
        { at: 32 * SECTOR + 16, bytes: 4 },
      ],
      headerBytes: 22 * SECTOR + 200,
    },
  ];
}
