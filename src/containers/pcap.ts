/** Packet captures (draft-ietf-opsawg-pcap): in either byte order, with times in microseconds or nanoseconds. */
import { readExactly, readUpTo } from '../bytes/input-reader.ts';
import { u32be, u32le } from '../bytes/reader.ts';
import { defineContainer } from '../model/container.ts';
import { MAX_PACKET_BYTES, tcpMembers } from './codecs/capture.ts';
import { TcpStreams } from './codecs/tcp-streams.ts';

/** As read with little-endian: microseconds, nanoseconds, and both from the other byte order. */
const LITTLE = [0xa1b2c3d4, 0xa1b23c4d];
const BIG = [0xd4c3b2a1, 0x4d3cb2a1];

export default defineContainer({
  id: 'pcap',
  title: 'Packet capture (pcap)',
  doc: `
[pcap](https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/) files of tcpdump and Wireshark: the payloads of each TCP stream are put in order, one member for each direction, so that what
spans packets is seen whole. Ethernet (with VLAN tags), raw IP, loopback and Linux cooked captures; IPv4 and IPv6. Packets are searched as bytes of the file as well.

A gap: captures that are cut off, more than two million segments. What TLS encrypts stays encrypted.`,
  access: 'random',
  recognise(head) {
    const magic = u32le(head, 0);
    return magic !== undefined && (LITTLE.includes(magic) || BIG.includes(magic)) && head.length >= 24;
  },
  async *open(input) {
    const header = await readExactly(input, 0, 24, 'pcap.header');
    const u32 = LITTLE.includes(u32le(header, 0)!) ? u32le : u32be;
    const linkType = u32(header, 20)! & 0xffff;
    const tcp = new TcpStreams();
    let cut = false;
    for (let at = 24; at < input.size; ) {
      const record = await readUpTo(input, at, 16);
      if (record.length === 0) break;
      const length = u32(record, 8);
      cut = length === undefined || length > MAX_PACKET_BYTES;
      if (length === undefined || cut) break;
      const packet = await readUpTo(input, at + 16, length);
      tcp.add(packet, at + 16, linkType);
      cut = packet.length < length;
      if (cut) break;
      at += 16 + length;
    }
    yield* tcpMembers(input, tcp);
    if (cut) yield { code: 'format-error', detail: 'pcap.record' };
  },
});
