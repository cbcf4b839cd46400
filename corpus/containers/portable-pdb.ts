/** Portable PDBs: metadata with the tables of debug information, and embedded sources in the blob heap. */
import { deflateRawSync } from 'node:zlib';
import type { ContainerSample } from '../dump-sample.ts';
import { ByteWriter } from '../encode/byte-writer.ts';
import { concat } from '../encode/text.ts';
import { createRng } from '../rng.ts';
import { padTo, u16, u32 } from './layout.ts';

const SOURCE_KIND = '0E8A571B-6926-466E-B4AD-8AB04611F5FE';
const LINK_KIND = 'CC110556-A091-4D38-9FEC-25AB9A351A6A';

/** Three groups are numbers in little-endian order, the rest are bytes. */
function guid(text: string): Uint8Array {
  const groups = text.split('-').map((group) => Buffer.from(group, 'hex'));
  return concat(...groups.map((group, i) => Uint8Array.from(i < 3 ? group.reverse() : group)));
}

function compressed(value: number): Uint8Array {
  if (value < 0x80) return Uint8Array.of(value);
  if (value < 0x4000) return Uint8Array.of(0x80 | (value >> 8), value & 255);
  return Uint8Array.of(0xc0 | (value >> 24), (value >> 16) & 255, (value >> 8) & 255, value & 255);
}

class BlobHeap {
  #bytes: Uint8Array = Uint8Array.of(0);

  add(content: Uint8Array): number {
    const at = this.#bytes.length;
    this.#bytes = concat(this.#bytes, compressed(content.length), content);
    return at;
  }

  finish(): Uint8Array {
    return padTo(this.#bytes, 4);
  }
}

interface Source {
  /** Parts of its path. */
  readonly path: readonly string[];
  readonly separator: string;
  readonly content: Uint8Array;
  readonly how: 'deflated' | 'stored' | 'unknown' | 'wrong size' | 'none';
}

interface Options {
  /** Rows of MethodDef, Field and so on in the assembly: the columns' widths depend on them. */
  readonly methods: number;
  readonly wide: boolean;
}

function writePdb(sources: readonly Source[], { methods, wide }: Options): Uint8Array {
  const blobs = new BlobHeap();
  // Of wide heaps the first 64 KiB are something else.
  if (wide) blobs.add(new Uint8Array(70_000).fill(0x20));
  const blob = wide ? u32 : u16;
  const documents = sources.map(({ path, separator }) => {
    const parts = path.map((part) => compressed(part === '' ? 0 : blobs.add(concat(part))));
    return concat(
      blob(blobs.add(concat(Uint8Array.of(separator.charCodeAt(0) || 0), ...parts))),
      u16(0),
      blob(0),
      u16(0),
    );
  });
  const values = sources.map(({ content, how }) => {
    const deflated = new Uint8Array(deflateRawSync(content));
    if (how === 'stored') return blobs.add(concat(u32(0), content));
    if (how === 'unknown') return blobs.add(concat(u32(0xffffffff), deflated));
    return blobs.add(concat(u32(content.length + (how === 'wrong size' ? 1 : 0)), deflated));
  });
  const parent = methods < 2048 ? u16 : u32;
  const custom = [
    // The link of the module, which is no source.
    concat(parent((1 << 5) | 7), u16(2), blob(blobs.add(concat('{"documents":{}}')))),
    ...sources.flatMap(({ how }, i) =>
      how === 'none' ? [] : [concat(parent(((i + 1) << 5) | 22), u16(1), blob(values[i]!))],
    ),
  ];
  const method = methods < 65_536 ? u16 : u32;
  const debug = Array.from({ length: 3 }, () => concat(u16(1), blob(0)));
  const scopes = [concat(method(1), u16(1), u16(1), u16(0), u32(0), u32(9))];
  const variables = [concat(u16(0), u16(0), u16(0))];
  const imports = [concat(u16(0), blob(0))];
  const stateMachines = [concat(method(1), method(2))];
  const tables = [
    [0x30, documents],
    [0x31, debug],
    [0x32, scopes],
    [0x33, variables],
    [0x35, imports],
    [0x36, stateMachines],
    [0x37, custom],
  ] as const;
  const valid = tables.reduce((mask, [id]) => mask | (1n << BigInt(id)), 0n);
  const tableStream = new ByteWriter()
    .u32(0)
    .u8(2, 0, wide ? 4 : 0, 1)
    .u64(valid, 0);
  for (const [, rows] of tables) tableStream.u32(rows.length);
  for (const [, rows] of tables) tableStream.bytes(concat(...rows));
  // Module and MethodDef of the assembly.
  const pdbStream = new ByteWriter().zeros(20).u32(0).u64(0x41).u32(1, methods).finish();
  const streams = [
    ['#Pdb', pdbStream],
    ['#~', tableStream.align(4).finish()],
    ['#Strings', new Uint8Array(4)],
    ['#US', new Uint8Array(4)],
    ['#GUID', concat(guid(SOURCE_KIND), guid(LINK_KIND))],
    ['#Blob', blobs.finish()],
  ] as const;
  const names = streams.map(([name]) => padTo(concat(`${name}\0`), 4));
  const writer = new ByteWriter().text('BSJB').u16(1, 1).u32(0, 12).text('PDB v1.0', 12).u16(0, streams.length);
  let offset = writer.at + names.reduce((total, name) => total + 8 + name.length, 0);
  for (const [i, [, content]] of streams.entries()) {
    writer.u32(offset, content.length).bytes(names[i]!);
    offset += content.length;
  }
  for (const [, content] of streams) writer.bytes(content);
  return writer.finish();
}

export function samples(): readonly ContainerSample[] {
  const rng = createRng('containers/portable-pdb');
  const text = (length: number): Uint8Array => rng.bytes(length).map((byte) => 97 + (byte % 16));
  const sources: readonly Source[] = [
    { path: ['C:', 'src', 'Program.cs'], separator: '\\', content: text(5000), how: 'deflated' },
    { path: ['', 'src', 'Small.cs'], separator: '/', content: text(90), how: 'stored' },
    { path: ['Generated.cs'], separator: '\0', content: text(20_000), how: 'deflated' },
    { path: ['NotEmbedded.cs'], separator: '/', content: text(100), how: 'none' },
  ];
  const sample = (
    name: string,
    all: readonly Source[],
    options: Options,
    gaps: readonly string[] = [],
  ): ContainerSample => ({
    name,
    container: 'portable-pdb',
    bytes: writePdb(all, options),
    members: all
      .filter(({ how }) => how !== 'none' && how !== 'unknown')
      .map(({ path, separator, content }) => ({ name: path.join(separator === '\0' ? '' : separator), content })),
    gaps,
    // Length of the version, number of streams, the first streams' places, the tables' row counts.
    counts: [12, 32, 36, 48, 52, 196, 200, 204, 220].map((at) => ({ at, bytes: 4 as const })),
    headerBytes: 400,
  });
  return [
    sample('embedded sources', sources, { methods: 20, wide: false }),
    sample('wide columns', sources, { methods: 70_000, wide: true }),
    sample('wide parents only', sources, { methods: 3000, wide: false }),
    sample(
      'an encoding of the future, a size that lies',
      [
        { path: ['A.cs'], separator: '/', content: text(100), how: 'unknown' },
        { path: ['B.cs'], separator: '/', content: text(100), how: 'wrong size' },
      ],
      { methods: 20, wide: false },
      ['format-error', 'not-opened'],
    ),
    sample('no embedded sources', [], { methods: 20, wide: false }),
  ];
}
