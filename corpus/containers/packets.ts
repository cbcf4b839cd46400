/** Ethernet frames with IPv4 or IPv6 and TCP. */
import { be, concat } from '../encode/text.ts';

const u16be = (value: number): Uint8Array => be(BigInt(value), 2);
const u32be = (value: number): Uint8Array => be(BigInt(value), 4);

export interface Packet {
  readonly sequence: number;
  readonly payload: Uint8Array;
  readonly syn?: boolean;
  readonly version?: 4 | 6;
  readonly vlan?: boolean;
}

/** From port 40000 to port 443; 10.0.0.1 to 10.0.0.2, or fd00::1 to fd00::2. */
export function frame({ sequence, payload, syn = false, version = 4, vlan = false }: Packet): Uint8Array {
  const tcp = concat(
    u16be(40_000),
    u16be(443),
    u32be(sequence),
    u32be(0),
    Uint8Array.of(0x50, syn ? 2 : 0x18),
    u16be(1000),
    u32be(0),
    payload,
  );
  const ethernet = concat(
    new Uint8Array(12),
    vlan ? concat(u16be(0x8100), u16be(5)) : '',
    u16be(version === 4 ? 0x800 : 0x86dd),
  );
  const ip =
    version === 4
      ? concat(
          Uint8Array.of(0x45, 0),
          u16be(20 + tcp.length),
          u32be(0),
          Uint8Array.of(64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2),
        )
      : concat(
          Uint8Array.of(0x60, 0, 0, 0),
          u16be(tcp.length),
          Uint8Array.of(6, 64),
          ...[1, 2].map((host) => concat(Uint8Array.of(0xfd), new Uint8Array(14), Uint8Array.of(host))),
        );
  // Ethernet pads short frames.
  return concat(ethernet, ip, tcp, new Uint8Array(Math.max(0, 60 - ethernet.length - ip.length - tcp.length)));
}
