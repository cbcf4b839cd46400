/** MSF 7.00 files: a stream in scattered blocks, one in a row, one that was deleted. */
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';
import { createRng } from '../rng.ts';
import { place, u32 } from './layout.ts';

const BLOCK = 512;

export function samples(): readonly ContainerSample[] {
  const rng = createRng('containers/pdb');
  const info = rng.bytes(100);
  const scattered = rng.bytes(BLOCK * 2 + 30);
  const inARow = rng.bytes(BLOCK + 1);
  const directory = concat(...[5, 0, info.length, scattered.length, 0xffffffff, 0].map(u32), ...[4, 9, 5, 8].map(u32));
  const withLast = concat(directory.subarray(0, 20), u32(inARow.length), directory.subarray(24), u32(6), u32(7));
  const bytes = place(
    BLOCK * 10,
    [0, concat('Microsoft C/C++ MSF 7.00\r\n\x1aDS\0\0\0', ...[BLOCK, 1, 10, withLast.length, 0, 3].map(u32))],
    [BLOCK * 2, withLast],
    [BLOCK * 3, u32(2)],
    [BLOCK * 4, info],
    [BLOCK * 9, scattered.subarray(0, BLOCK)],
    [BLOCK * 5, scattered.subarray(BLOCK, BLOCK * 2)],
    [BLOCK * 8, scattered.subarray(BLOCK * 2)],
    [BLOCK * 6, inARow],
  );
  return [
    {
      name: 'scattered and contiguous streams',
      container: 'pdb',
      bytes,
      members: [
        { name: 'PDB info', content: info },
        { name: 'TPI types', content: scattered },
        { name: 'IPI items', content: inARow },
      ],
      counts: [32, 40, 44, 52, BLOCK * 2, BLOCK * 2 + 8, BLOCK * 2 + 24, BLOCK * 3].map((at) => ({
        at,
        bytes: 4 as const,
      })),
      headerBytes: BLOCK * 3,
    },
  ];
}
