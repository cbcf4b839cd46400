/** Writes save images of libvirt: virQEMUSaveHeader, XML, state. */
import type { ContainerSample } from '../dump-sample.ts';
import { concat, le } from '../encode/text.ts';

const XML = Uint8Array.from(Buffer.from(`<domain type='kvm'><name>guest</name></domain>\0`));

export function samples(): readonly ContainerSample[] {
  const state = Uint8Array.from({ length: 1999 }, (_, i) => (i * i * 5 + i) & 255);
  const write = (magic: string, isBig: boolean): Uint8Array => {
    const number = (value: number): Uint8Array => (isBig ? le(BigInt(value), 4).toReversed() : le(BigInt(value), 4));
    const fields = [2, XML.length, 1, 0, ...new Array<number>(15).fill(0)].map(number);
    return concat(Uint8Array.from(Buffer.from(magic)), ...fields, XML, state);
  };
  const common = {
    container: 'libvirt-save',
    members: [{ name: 'state', content: state }],
    counts: [{ at: 20, bytes: 4 }],
    headerBytes: 92 + XML.length,
  } as const;
  return [
    { ...common, name: 'a save', bytes: write('LibvirtQemudSave', false) },
    { ...common, name: 'a partial save of a big-endian host', bytes: write('LibvirtQemudPart', true) },
  ];
}
