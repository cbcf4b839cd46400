/**
 * Packet captures (draft-ietf-opsawg-pcapng): blocks in sections, each section in its own byte order. Decryption Secrets
 * Blocks hold TLS key logs and other secrets as text: they are members.
 */
import { readSpan, readUpTo } from '../bytes/input-reader.ts';
import { u16be, u16le, u32be, u32le } from '../bytes/reader.ts';
import { defineContainer } from '../model/container.ts';
import { MAX_PACKET_BYTES, tcpMembers } from './codecs/capture.ts';
import { TcpStreams } from './codecs/tcp-streams.ts';

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const SECRETS = 10;
const ENHANCED_PACKET = 6;
/** Link types kept: one for each interface of the section. */
const MAX_INTERFACES = 65_536;
const SECRET_TYPES: Readonly<Record<number, string>> = {
  1414288203: 'TLS key log',
  1397966923: 'SSH key log',
  1464290124: 'WireGuard key log',
  1515083595: 'ZigBee keys',
  1514229843: 'ZigBee keys',
};

export default defineContainer({
  id: 'pcapng',
  title: 'Packet capture (pcapng)',
  doc: `
[pcapng](https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/) files of Wireshark: TCP streams put in order as in \`pcap\`, and the contents of Decryption Secrets Blocks (TLS, SSH and WireGuard key
logs). Packets and other blocks are searched as bytes of the file as well.

A gap: captures that are cut off or damaged, more than two million segments.`,
  access: 'random',
  recognise: (head) => u32le(head, 0) === SECTION && [0x1a2b3c4d, 0x4d3c2b1a].includes(u32le(head, 8) ?? 0),
  async *open(input) {
    const tcp = new TcpStreams();
    let u32 = u32le;
    let u16 = u16le;
    let links: number[] = [];
    let secrets = 0;
    let cut = false;
    for (let at = 0; at < input.size; ) {
      const head = await readUpTo(input, at, 32);
      if (head.length === 0) break;
      if (u32le(head, 0) === SECTION) {
        const little = u32le(head, 8) === 0x1a2b3c4d;
        u32 = little ? u32le : u32be;
        u16 = little ? u16le : u16be;
        links = [];
      }
      const type = u32(head, 0);
      const length = u32(head, 4);
      cut = type === undefined || length === undefined || length < 12 || at + length > input.size;
      if (type === undefined || length === undefined || length < 12) break;
      if (type === INTERFACE && links.length < MAX_INTERFACES) links.push(u16(head, 8) ?? 0);
      const packet = packetOf(type, head, u32, u16);
      if (packet && packet.length <= MAX_PACKET_BYTES && packet.at + packet.length <= length) {
        const bytes = await readUpTo(input, at + packet.at, packet.length);
        tcp.add(bytes, at + packet.at, links[packet.link] ?? 1);
      }
      if (type === SECRETS && !cut) {
        const size = u32(head, 12) ?? 0;
        const start = at + 16;
        if (size > length - 20) yield { code: 'format-error', detail: 'pcapng.secrets' };
        else {
          yield {
            name: `${SECRET_TYPES[u32(head, 8) ?? 0] ?? 'secrets'} ${secrets++}`,
            size,
            stored: { start, end: start + size },
            content: () => readSpan(input, start, start + size, 'pcapng.secrets'),
          };
        }
      }
      if (cut) break;
      at += Math.ceil(length / 4) * 4;
    }
    yield* tcpMembers(input, tcp);
    if (cut) yield { code: 'format-error', detail: 'pcapng.block' };
  },
});

type U = (bytes: Uint8Array, at: number) => number | undefined;

/** Where a packet lies in its block: index of its interface, offset and captured length. */
function packetOf(
  type: number,
  head: Uint8Array,
  u32: U,
  u16: U,
): { link: number; at: number; length: number } | undefined {
  if (type === ENHANCED_PACKET) return { link: u32(head, 8) ?? 0, at: 28, length: u32(head, 20) ?? 0 };
  if (type === OBSOLETE_PACKET) return { link: u16(head, 8) ?? 0, at: 28, length: u32(head, 20) ?? 0 };
  if (type !== SIMPLE_PACKET) return undefined;
  // Only the original length is stored: the rest of the block, when the packet was cut.
  const room = (u32(head, 4) ?? 16) - 16;
  return { link: 0, at: 12, length: Math.min(u32(head, 8) ?? 0, room) };
}
