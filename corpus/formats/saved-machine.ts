/** Writes the beginnings of saved machine states: PO_MEMORY_IMAGE, VirtualBox's SSMFILEHDR, QEMU's file header, Hyper-V's storage header. */
import type { DumpSample } from '../dump-sample.ts';
import { Binary } from '../encode/binary.ts';

const PAGE = 4096;

function sample(name: string, write: (out: Binary) => void, counts: DumpSample['counts'] = []): DumpSample {
  const out = new Binary('little');
  write(out);
  out.zeros(3 * PAGE - out.at);
  return { name, format: 'saved-machine', bytes: out.done(), expected: [], counts, headerBytes: 0 };
}

export function samples(): readonly DumpSample[] {
  const pageSize = (at: number) => [{ at, bytes: 4 as const }];
  return [
    sample('hiberfil.sys of Windows 10', (out) => out.bytes('HIBR').u32(0).u32(0x1234).u32(0x3f8).zeros(8).u32(PAGE)),
    sample('hiberfil.sys of 32-bit Windows', (out) => out.bytes('hibr').u32(0).u32(9).u32(0xa8).u32(0).u32(PAGE)),
    sample('hiberfil.sys of a resumed machine', (out) => out.bytes('WAKE')),
    sample('hiberfil.sys without its first page', (out) => out.zeros(2 * PAGE).bytes('\x81\x81xpress')),
    sample('VirtualBox', (out) => out.bytes('\x7fVirtualBox SavedState V2.0\n').zeros(4).u32(0x0001_0007)),
    sample('QEMU', (out) => out.bytes('QEVM').bytes(Uint8Array.of(0, 0, 0, 3, 7)), pageSize(4)),
    sample('DumpIt', (out) =>
      out
        .bytes('ZDMP')
        .zeros(PAGE - 4)
        .bytes('ZBLK'),
    ),
    sample('Hyper-V', (out) => out.u32(0x0128_2014).u32(0xabcd).u32(1)),
  ];
}
