/** PE32+ images: a code section, resources (one by name) and bytes behind the sections; embedded debug information. */
import { deflateRawSync } from 'node:zlib';
import type { ContainerSample } from '../dump-sample.ts';
import { concat, utf16le } from '../encode/text.ts';
import { createRng } from '../rng.ts';
import { place, u16, u32 } from './layout.ts';

export function samples(): readonly ContainerSample[] {
  const rng = createRng('containers/pe-resources');
  const code = rng.bytes(512);
  const named = rng.bytes(100);
  const manifest = rng.bytes(60);
  const overlay = rng.bytes(300);
  const high = 2 ** 31;
  const table = (names: number, ids: number): Uint8Array => concat(new Uint8Array(12), u16(names), u16(ids));
  const rva = 0x2000;
  // Types at 0; names of RCDATA at 64, of MANIFEST at 96; languages at 128 and 160; data entries at 192 and 208.
  const resources = place(
    1024,
    [0, concat(table(0, 2), u32(10), u32(high + 64), u32(24), u32(high + 96))],
    [64, concat(table(1, 0), u32(high + 224), u32(high + 128))],
    [96, concat(table(0, 1), u32(1), u32(high + 160))],
    [128, concat(table(0, 1), u32(1033), u32(192))],
    [160, concat(table(0, 1), u32(1033), u32(208))],
    [192, concat(u32(rva + 300), u32(named.length), u32(0), u32(0))],
    [208, concat(u32(rva + 500), u32(manifest.length), u32(0), u32(0))],
    [224, concat(u16(6), utf16le('CONFIG'))],
    [300, named],
    [500, manifest],
  );
  const section = (name: string, address: number, size: number, at: number): Uint8Array =>
    place(40, [0, concat(name)], [8, concat(u32(size), u32(address), u32(size), u32(at))]);
  const optional = place(240, [0, u16(0x20b)], [128, concat(u32(rva), u32(1024))]);
  const header = place(
    512,
    [0, concat('MZ')],
    [60, u32(128)],
    [128, concat('PE\0\0', u16(0x8664), u16(2), u32(0), u32(0), u32(0), u16(240), u16(0x22))],
    [152, optional],
    [392, section('.text', 0x1000, 512, 512)],
    [432, section('.rsrc', rva, 1024, 1024)],
  );
  const pdb = rng.bytes(3000).map((byte) => 97 + (byte % 4));
  const deflated = new Uint8Array(deflateRawSync(pdb));
  // The debug directory at 0x1000, an entry of CodeView before that of the embedded PDB, which lies at 0x1100.
  const entry = (type: number, size: number, at: number): Uint8Array =>
    concat(new Uint8Array(12), u32(type), u32(size), u32(0x1000 + at), u32(512 + at));
  const debug = place(
    1536,
    [0, concat(entry(2, 24, 128), entry(17, 8 + deflated.length, 256))],
    [128, code.subarray(0, 24)],
    [256, concat('MPDB', u32(pdb.length), deflated)],
  );
  const assembly = place(
    512,
    [0, header],
    [152 + 128, new Uint8Array(8)],
    [152 + 112 + 48, concat(u32(0x1000), u32(56))],
    [134, u16(1)],
    [392, section('.text', 0x1000, 1536, 512)],
  );
  return [
    {
      name: 'an assembly with its debug information',
      container: 'pe-resources',
      bytes: concat(assembly, debug),
      members: [
        { name: 'section .text', content: debug },
        { name: 'embedded PDB', content: pdb },
      ],
      counts: [152 + 112 + 48, 152 + 112 + 52, 512 + 28 + 16, 512 + 28 + 24, 512 + 256 + 4].map((at) => ({
        at,
        bytes: 4 as const,
      })),
      headerBytes: 900,
    },
    {
      name: 'sections, resources, overlay',
      container: 'pe-resources',
      bytes: concat(header, code, resources, overlay),
      members: [
        { name: 'section .text', content: code },
        { name: 'resource/MANIFEST/1/1033', content: manifest },
        { name: 'resource/RCDATA/CONFIG/1033', content: named },
        { name: 'overlay', content: overlay },
      ],
      counts: [60, 392 + 16, 432 + 12, 432 + 20, 280, 1024 + 20, 1024 + 128 + 20, 1024 + 192, 1024 + 196].map((at) => ({
        at,
        bytes: 4 as const,
      })),
      headerBytes: 1100,
    },
  ];
}
