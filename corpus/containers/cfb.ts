/** Compound files ([MS-CFB] version 3): a stream in scattered sectors, one in a row, small ones, and one in no storage. */
import type { ContainerSample } from '../dump-sample.ts';
import { concat, utf16le } from '../encode/text.ts';
import { createRng } from '../rng.ts';
import { place, u16, u32 } from './layout.ts';

const SECTOR = 512;
const END = 0xfffffffe;
const FREE = 0xffffffff;

interface Row {
  readonly name: string;
  readonly type: number;
  readonly left?: number;
  readonly right?: number;
  readonly child?: number;
  readonly start?: number;
  readonly size?: number;
}

const entry = ({ name, type, left = FREE, right = FREE, child = FREE, start = 0, size = 0 }: Row): Uint8Array =>
  place(
    128,
    [0, utf16le(name)],
    [64, u16(name.length * 2 + 2)],
    [66, Uint8Array.of(type, 1)],
    [68, concat(u32(left), u32(right), u32(child))],
    [116, concat(u32(start), u32(size))],
  );

export function samples(): readonly ContainerSample[] {
  const rng = createRng('containers/cfb');
  const scattered = rng.bytes(SECTOR * 8 + 100);
  const inARow = rng.bytes(SECTOR * 9);
  const small = rng.bytes(150);
  const lost = rng.bytes(64);
  // Sectors: 0 FAT, 1-2 directory, 3 mini FAT, 4 mini stream, 5-13 in a row, 14-22 scattered.
  const order = [22, 14, 20, 15, 16, 21, 17, 18, 19];
  const fat = new Array<number>(128).fill(FREE);
  fat[0] = 0xfffffffd;
  fat[1] = 2;
  fat[2] = fat[3] = fat[4] = END;
  for (let i = 5; i < 14; i++) fat[i] = i < 13 ? i + 1 : END;
  for (const [i, sector] of order.entries()) fat[sector] = order[i + 1] ?? END;
  const miniFat = new Array<number>(128).fill(FREE);
  [miniFat[0], miniFat[2], miniFat[1], miniFat[3]] = [2, 1, END, END];
  const mini = place(
    SECTOR,
    [0, small.subarray(0, 64)],
    [128, small.subarray(64, 128)],
    [64, small.subarray(128)],
    [192, lost],
  );
  const directory = concat(
    entry({ name: 'Root Entry', type: 5, child: 2, start: 4, size: 256 }),
    entry({ name: 'storage', type: 1, child: 4 }),
    entry({ name: 'scattered', type: 2, left: 1, right: 3, start: order[0]!, size: scattered.length }),
    entry({ name: 'row', type: 2, start: 5, size: inARow.length }),
    // Two characters in one: 61 is `z`, and U+4840 marks a table.
    entry({ name: `\u4840${String.fromCharCode(0x3800 + 61 + 61 * 64)}`, type: 2, start: 0, size: small.length }),
    entry({ name: 'lost', type: 2, start: 3, size: lost.length }),
  );
  const header = place(
    SECTOR,
    [0, Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)],
    [24, concat(u16(0x3e), u16(3), u16(0xfffe), u16(9), u16(6))],
    [44, concat(u32(1), u32(1), u32(0), u32(4096), u32(3), u32(1), u32(END), u32(0))],
    [76, new Uint8Array(436).fill(0xff)],
    [76, u32(0)],
  );
  const at = (sector: number): number => (sector + 1) * SECTOR;
  const bytes = place(
    at(23),
    [0, header],
    [at(0), concat(...fat.map(u32))],
    [at(1), directory],
    [at(3), concat(...miniFat.map(u32))],
    [at(4), mini],
    [at(5), inARow],
    ...order.map((sector, i) => [at(sector), scattered.subarray(i * SECTOR, (i + 1) * SECTOR)] as const),
  );
  return [
    {
      name: 'scattered, contiguous, small and unlisted streams',
      container: 'cfb',
      bytes,
      members: [
        { name: 'scattered', content: scattered },
        { name: 'storage/!zz', content: small },
        { name: 'row', content: inARow },
        { name: '(unlisted)/lost', content: lost },
      ],
      counts: [
        { at: 30, bytes: 2 },
        { at: 44, bytes: 4 },
        { at: 48, bytes: 4 },
        { at: 60, bytes: 4 },
        { at: 68, bytes: 4 },
        { at: 76, bytes: 4 },
        { at: at(0) + 4, bytes: 4 },
        { at: at(0) + 88, bytes: 4 },
        { at: at(1) + 76, bytes: 4 },
        { at: at(1) + 256 + 120, bytes: 8 },
        { at: at(3), bytes: 4 },
      ],
      headerBytes: at(4),
    },
  ];
}
