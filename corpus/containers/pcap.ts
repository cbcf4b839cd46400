/** pcap files in both byte orders: a stream out of order, twice, and with numbers that wrap. */
import type { ContainerSample } from '../dump-sample.ts';
import { be, concat, le } from '../encode/text.ts';
import { createRng } from '../rng.ts';
import { frame, type Packet } from './packets.ts';

function writePcap(packets: readonly Packet[], number: typeof le): Uint8Array {
  const u32 = (value: number): Uint8Array => number(BigInt(value), 4);
  const records = packets.map((packet) => {
    const bytes = frame(packet);
    return concat(u32(0), u32(0), u32(bytes.length), u32(bytes.length), bytes);
  });
  return concat(u32(0xa1b2c3d4), number(2n, 2), number(4n, 2), u32(0), u32(0), u32(65_535), u32(1), ...records);
}

export function samples(): readonly ContainerSample[] {
  const content = createRng('containers/pcap').bytes(1000);
  const start = 2 ** 32 - 500;
  const part = (from: number, to: number): Packet => ({
    sequence: (start + from) % 2 ** 32,
    payload: content.subarray(from, to),
  });
  const packets = [
    { sequence: start - 1, payload: new Uint8Array(0), syn: true },
    part(0, 300),
    part(600, 800),
    part(300, 600),
    part(500, 700),
    part(800, 1000),
  ];
  const members = [{ name: 'tcp 10.0.0.1:40000 > 10.0.0.2:443', content }];
  const common = {
    container: 'pcap',
    counts: [
      { at: 20, bytes: 4 },
      { at: 32, bytes: 4 },
      { at: 36, bytes: 4 },
    ],
    headerBytes: 130,
  } as const;
  const bytes = writePcap(packets, le);
  const v6 = { ...part(0, 1000), version: 6, vlan: true } as const;
  return [
    { ...common, name: 'out of order', bytes, members },
    { ...common, name: 'big-endian', bytes: writePcap(packets, be), members },
    {
      ...common,
      name: 'IPv6 in a VLAN, cut off',
      bytes: concat(writePcap([v6], le), new Uint8Array(9)),
      members: [{ name: 'tcp [fd00:0:0:0:0:0:0:1]:40000 > [fd00:0:0:0:0:0:0:2]:443', content }],
      gaps: ['format-error'],
    },
  ];
}
