/** Cabinets ([MS-CAB]): a stored folder with a checksum, an MSZIP folder of two blocks with history, one of Quantum. */
import { deflateRawSync } from 'node:zlib';
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';
import { createRng } from '../rng.ts';
import { u16, u32 } from './layout.ts';

/** XOR of little-endian words; an odd end is read as big-endian. */
function checksum(bytes: Uint8Array, seed = 0): number {
  let sum = seed;
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) sum ^= new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
  let rest = 0;
  for (; at < bytes.length; at++) rest = rest * 256 + bytes[at]!;
  return (sum ^ rest) >>> 0;
}

function block(stored: Uint8Array, size: number, damage = 0): Uint8Array {
  const sizes = concat(u16(stored.length), u16(size));
  return concat(u32((checksum(sizes, checksum(stored)) ^ damage) >>> 0), sizes, stored);
}

interface Folder {
  readonly method: number;
  readonly blocks: readonly Uint8Array[];
  readonly files: readonly { readonly name: string; readonly size: number }[];
}

function writeCabinet(folders: readonly Folder[]): Uint8Array {
  const files = folders.flatMap(({ files: list }, folder) => {
    let offset = 0;
    return list.map(({ name, size }) => {
      const row = concat(u32(size), u32(offset), u16(folder), new Uint8Array(4), u16(0x20), name, Uint8Array.of(0));
      offset += size;
      return row;
    });
  });
  const filesAt = 36 + folders.length * 8;
  let at = filesAt + concat(...files).length;
  const rows = folders.map(({ method, blocks }) => {
    const row = concat(u32(at), u16(blocks.length), u16(method));
    at += concat(...blocks).length;
    return row;
  });
  const header = concat(
    'MSCF',
    ...[u32(0), u32(at), u32(0), u32(filesAt), u32(0), Uint8Array.of(3, 1), u16(folders.length), u16(files.length)],
    ...[u16(0), u16(7), u16(0)],
  );
  return concat(header, ...rows, ...files, ...folders.flatMap(({ blocks }) => blocks));
}

export function samples(): readonly ContainerSample[] {
  const rng = createRng('containers/cab');
  const a = rng.bytes(500);
  const b = rng.bytes(33);
  const first = concat(rng.bytes(20_000), new Uint8Array(12_768).fill(0x20));
  const second = concat(first.subarray(0, 5000), rng.bytes(100));
  const zipped = [
    block(concat('CK', deflateRawSync(first)), first.length),
    block(concat('CK', deflateRawSync(second, { dictionary: first })), second.length),
  ];
  const large = concat(first, second);
  const stored = block(concat(a, b), 533);
  const counts = [
    { at: 16, bytes: 4 },
    { at: 26, bytes: 2 },
    { at: 28, bytes: 2 },
    { at: 30, bytes: 2 },
    { at: 36, bytes: 4 },
    { at: 40, bytes: 2 },
  ] as const;
  const files = [
    { name: 'a', size: 500 },
    { name: 'dir\\b', size: 33 },
  ];
  return [
    {
      name: 'stored and MSZIP folders',
      container: 'cab',
      bytes: writeCabinet([
        { method: 0, blocks: [stored], files },
        {
          method: 1,
          blocks: zipped,
          files: [
            { name: 'large', size: large.length - 7 },
            { name: 'end', size: 7 },
          ],
        },
      ]),
      members: [
        { name: 'a', content: a },
        { name: 'dir\\b', content: b },
        { name: 'large', content: large.subarray(0, -7) },
        { name: 'end', content: large.subarray(-7) },
      ],
      counts,
      headerBytes: 200,
    },
    {
      name: 'a wrong checksum, and Quantum',
      container: 'cab',
      bytes: writeCabinet([
        { method: 0, blocks: [block(a, 500, 1)], files: [{ name: 'a', size: 500 }] },
        { method: 0x1472, blocks: [stored], files: [{ name: 'q', size: 9 }] },
      ]),
      members: [
        { name: 'a', content: new Uint8Array(0) },
        { name: 'q', content: new Uint8Array(0) },
      ],
      gaps: ['format-error', 'not-opened'],
      counts,
      headerBytes: 100,
    },
  ];
}
