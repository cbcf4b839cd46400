/**
 * TCP payloads put in order (RFC 9293): a capture has its segments twice, late, or not at all. Only places are kept, so
 * that memory grows with packets, not with bytes.
 */
import { u16be, u32be } from '../../bytes/reader.ts';

/** Segments kept in all: some 80 bytes of memory each. Beyond it, packets are only searched where they lie. */
const MAX_SEGMENTS = 2_000_000;

export interface Segment {
  /** Relative to the stream's first sequence number. */
  readonly sequence: number;
  /** Place of the payload in the capture. */
  readonly start: number;
  readonly length: number;
}

export interface TcpStream {
  readonly name: string;
  readonly first: number;
  readonly segments: Segment[];
}

export class TcpStreams {
  readonly streams: TcpStream[] = [];
  full = false;
  /** By addresses and ports: a connection that begins anew with the same ones is another stream. */
  private readonly current = new Map<string, TcpStream>();
  private count = 0;

  /** One captured packet: `bytes` is what was captured of it, which lies at `start` of the capture. Total. */
  add(bytes: Uint8Array, start: number, linkType: number): void {
    const network = networkOffset(bytes, linkType);
    if (network < 0) return;
    const version = bytes[network]! >>> 4;
    let transport = network;
    let end = bytes.length;
    let addresses: string;
    if (version === 4) {
      // Fragments but the first have no TCP header.
      if (bytes[network + 9] !== 6 || (u16be(bytes, network + 6) ?? 1) & 0x3fff) return;
      transport += (bytes[network]! & 15) * 4;
      const total = u16be(bytes, network + 2) ?? 0;
      // Offloading leaves 0.
      if (total > 0) end = Math.min(end, network + total);
      addresses = `${dotted(bytes, network + 12)}:%s > ${dotted(bytes, network + 16)}:%d`;
    } else if (version === 6) {
      let next = bytes[network + 6];
      transport += 40;
      // Hop-by-hop, routing and destination options: at most a few.
      for (let i = 0; i < 8 && (next === 0 || next === 43 || next === 60); i++) {
        next = bytes[transport];
        transport += ((bytes[transport + 1] ?? 0) + 1) * 8;
      }
      if (next !== 6) return;
      const payload = u16be(bytes, network + 4) ?? 0;
      if (payload > 0) end = Math.min(end, network + 40 + payload);
      addresses = `[${colons(bytes, network + 8)}]:%s > [${colons(bytes, network + 24)}]:%d`;
    } else {
      return;
    }
    const source = u16be(bytes, transport);
    const target = u16be(bytes, transport + 2);
    const sequence = u32be(bytes, transport + 4);
    const offset = bytes[transport + 12];
    const flags = bytes[transport + 13];
    if (source === undefined || target === undefined || sequence === undefined || offset === undefined) return;
    const from = transport + (offset >>> 4) * 4;
    const name = addresses.replace('%s', `${source}`).replace('%d', `${target}`);
    const syn = ((flags ?? 0) & 2) !== 0;
    if (syn) this.current.delete(name);
    if (from >= end || offset >>> 4 < 5) return;
    let stream = this.current.get(name);
    if (!stream) {
      stream = { name, first: sequence, segments: [] };
      this.current.set(name, stream);
      this.streams.push(stream);
    }
    if (this.count >= MAX_SEGMENTS) {
      this.full = true;
      return;
    }
    this.count++;
    // Signed: a packet may be older than the first that was captured; wraps after 2 GiB are followed.
    const last = stream.segments.at(-1)?.sequence ?? 0;
    const expected = (stream.first + last) >>> 0;
    stream.segments.push({ sequence: last + ((sequence - expected) | 0), start: start + from, length: end - from });
  }
}

/** Segments in order, each byte once; holes are closed up. */
export function ordered(stream: TcpStream): Segment[] {
  const sorted = [...stream.segments].sort((a, b) => a.sequence - b.sequence || b.length - a.length);
  const out: Segment[] = [];
  let next = Number.NEGATIVE_INFINITY;
  for (const { sequence, start, length } of sorted) {
    const skip = Math.max(0, Math.min(length, next - sequence));
    if (skip === length) continue;
    out.push({ sequence: sequence + skip, start: start + skip, length: length - skip });
    next = sequence + length;
  }
  return out;
}

/** Where the IP header begins, by link type (tcpdump.org/linktypes.html), or -1. */
function networkOffset(bytes: Uint8Array, linkType: number): number {
  switch (linkType) {
    case 0: // BSD loopback
    case 108:
      return 4;
    case 1: {
      let at = 12;
      // VLAN tags, two at most.
      for (let tags = 0; tags < 2 && [0x8100, 0x88a8].includes(u16be(bytes, at) ?? 0); tags++) at += 4;
      return isIp(u16be(bytes, at)) ? at + 2 : -1;
    }
    case 12: // raw IP, by operating system
    case 14:
    case 101:
    case 228:
    case 229:
      return 0;
    case 113: // Linux cooked
      return isIp(u16be(bytes, 14)) ? 16 : -1;
    case 276:
      return isIp(u16be(bytes, 0)) ? 20 : -1;
    default:
      return -1;
  }
}

const isIp = (type: number | undefined): boolean => type === 0x0800 || type === 0x86dd;
const dotted = (bytes: Uint8Array, at: number): string => bytes.subarray(at, at + 4).join('.');

function colons(bytes: Uint8Array, at: number): string {
  const words: string[] = [];
  for (let i = 0; i < 16; i += 2) words.push((u16be(bytes, at + i) ?? 0).toString(16));
  return words.join(':');
}
