/** What pcap and pcapng files have in common: TCP streams as members. */
import { readExactly } from '../../bytes/input-reader.ts';
import type { Member, MemberGap } from '../../model/container.ts';
import type { Input } from '../../model/input.ts';
import { ordered, type TcpStreams } from './tcp-streams.ts';

/** One member for each direction of each connection. */
export function* tcpMembers(input: Input, tcp: TcpStreams): Generator<Member | MemberGap, void, undefined> {
  for (const stream of tcp.streams) {
    yield {
      name: `tcp ${stream.name}`,
      async *content() {
        for (const { start, length } of ordered(stream))
          yield await readExactly(input, start, length, 'capture.packet');
      },
    };
  }
  if (tcp.full) yield { code: 'over-budget', detail: 'capture.segments' };
}

/** Most bytes of one packet: what Wireshark takes; a loopback packet with offloading has 64 KiB. */
export const MAX_PACKET_BYTES = 2 ** 18;
