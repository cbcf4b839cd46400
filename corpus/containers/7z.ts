/** 7z archives (7zFormat.txt): stored, LZMA2, deflate, LZMA and delta folders; solid ones; a compressed header; encryption. */
import { deflateRawSync } from 'node:zlib';
import type { ContainerSample } from '../dump-sample.ts';
import { concat, utf16le } from '../encode/text.ts';
import { createRng } from '../rng.ts';
import { crc32Of } from './checksums.ts';
import { place, u32, u64 } from './layout.ts';
import { LzmaLiteralEncoder } from './lzma-encoder.ts';
import { lzma2Stored } from './xz.ts';

/** Numbers below 2^14 are enough here: one byte, or a bit in the first and one more byte. */
const number = (value: number): Uint8Array =>
  value < 128 ? Uint8Array.of(value) : Uint8Array.of(0x80 | (value >> 8), value & 255);

interface Coder {
  readonly id: readonly number[];
  readonly properties?: Uint8Array;
}

interface Folder {
  readonly coders: readonly Coder[];
  readonly packed: Uint8Array;
  readonly files: readonly { readonly name: string; readonly content: Uint8Array }[];
}

const coderBytes = ({ id, properties }: Coder): Uint8Array =>
  concat(
    Uint8Array.of(id.length | (properties ? 0x20 : 0), ...id),
    properties ? concat(number(properties.length), properties) : new Uint8Array(0),
  );

/** A chain of coders: the first one's input is bound to the second one's output. */
const folderBytes = ({ coders }: Pick<Folder, 'coders'>): Uint8Array =>
  concat(number(coders.length), ...coders.map(coderBytes), ...coders.slice(1).map((_, i) => Uint8Array.of(i, i + 1)));

function streamsInfo(folders: readonly Folder[], packAt: number, damage = 0): Uint8Array {
  const digest = (content: Uint8Array): Uint8Array => u32((crc32Of(content) ^ damage) >>> 0);
  const sizes = folders.map(({ files }) => concat(...files.map(({ content }) => content)).length);
  return concat(
    Uint8Array.of(6),
    number(packAt),
    number(folders.length),
    Uint8Array.of(9),
    ...folders.map(({ packed }) => number(packed.length)),
    Uint8Array.of(0, 7, 11),
    number(folders.length),
    Uint8Array.of(0),
    ...folders.map(folderBytes),
    Uint8Array.of(12),
    ...folders.flatMap(({ coders }, i) => coders.map(() => number(sizes[i]!))),
    Uint8Array.of(0, 8, 13),
    ...folders.map(({ files }) => number(files.length)),
    Uint8Array.of(9),
    ...folders.flatMap(({ files }) => files.slice(0, -1).map(({ content }) => number(content.length))),
    Uint8Array.of(10, 1),
    ...folders.flatMap(({ files }) => files.map(({ content }) => digest(content))),
    Uint8Array.of(0, 0),
  );
}

function write7z(folders: readonly Folder[], { encode = false, damage = 0 } = {}): Uint8Array {
  // A file without content in front.
  const names = ['empty', ...folders.flatMap(({ files }) => files.map(({ name }) => name))];
  const text = utf16le(names.map((name) => `${name}\0`).join(''));
  const emptyBits = place(Math.ceil(names.length / 8), [0, Uint8Array.of(0x80)]);
  const property = (id: number, bytes: Uint8Array): Uint8Array =>
    concat(Uint8Array.of(id), number(bytes.length), bytes);
  let header = concat(
    Uint8Array.of(1, 4),
    streamsInfo(folders, 0, damage),
    Uint8Array.of(5),
    number(names.length),
    property(14, emptyBits),
    property(17, concat(Uint8Array.of(0), text)),
    Uint8Array.of(0, 0),
  );
  let packed = concat(...folders.map((folder) => folder.packed));
  if (encode) {
    const stored = LzmaLiteralEncoder.encode(header, false);
    const properties = concat(Uint8Array.of(0x5d), u32(65_536));
    const own: Folder = {
      coders: [{ id: [3, 1, 1], properties }],
      packed: stored,
      files: [{ name: '', content: header }],
    };
    const at = packed.length;
    packed = concat(packed, stored);
    header = concat(Uint8Array.of(0x17), streamsInfo([own], at));
  }
  const start = concat(u64(packed.length), u64(header.length), u32(crc32Of(header)));
  const signature = Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4);
  return concat(signature, u32(crc32Of(start)), start, packed, header);
}

export function samples(): readonly ContainerSample[] {
  const rng = createRng('containers/7z');
  const a = rng.bytes(700);
  const b = rng.bytes(90);
  const c = rng.bytes(300);
  const both = concat(a, b);
  const solid = [
    { name: 'dir/a', content: a },
    { name: 'b', content: b },
  ];
  const alone = [{ name: 'c', content: c }];
  const differences = c.map((byte, i) => byte - (c[i - 1] ?? 0));
  const lzma = { id: [3, 1, 1], properties: concat(Uint8Array.of(0x5d), u32(65_536)) };
  const folders: Folder[] = [
    { coders: [{ id: [0x21], properties: Uint8Array.of(8) }], packed: lzma2Stored(both), files: solid },
    { coders: [{ id: [3], properties: Uint8Array.of(0) }, { id: [0] }], packed: differences, files: alone },
    { coders: [{ id: [4, 1, 8] }], packed: deflateRawSync(c), files: [{ name: 'd', content: c }] },
    { coders: [lzma], packed: LzmaLiteralEncoder.encode(b, false), files: [{ name: 'e', content: b }] },
    { coders: [{ id: [0] }], packed: b, files: [{ name: 'f', content: b }] },
  ];
  const encrypted = Array.from({ length: 30 }, (_, i) => ({ name: `n${i}`, content: c.subarray(i, i + 9) }));
  const members = folders.flatMap(({ files }) => files);
  const common = {
    container: '7z',
    counts: [
      { at: 12, bytes: 8 },
      { at: 20, bytes: 8 },
    ],
    headerBytes: 32,
  } as const;
  return [
    { ...common, name: 'five methods', bytes: write7z(folders), members },
    { ...common, name: 'a compressed header', bytes: write7z(folders, { encode: true }), members },
    {
      ...common,
      name: 'wrong checksums',
      bytes: write7z(folders.slice(0, 1), { damage: 1 }),
      members: solid,
      gaps: ['format-error', 'format-error'],
    },
    {
      ...common,
      name: 'an encrypted folder of many files',
      bytes: write7z([
        { coders: [{ id: [6, 0xf1, 7, 1], properties: Uint8Array.of(19) }], packed: a, files: encrypted },
      ]),
      members: encrypted.map(({ name }) => ({ name, content: new Uint8Array(0) })),
      gaps: encrypted.map(() => 'encrypted'),
    },
  ];
}
