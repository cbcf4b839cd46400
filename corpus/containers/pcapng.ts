/** pcapng files: two sections in different byte orders, packets, and decryption secrets. */
import type { ContainerSample } from '../dump-sample.ts';
import { be, concat, le } from '../encode/text.ts';
import { createRng } from '../rng.ts';
import { frame } from './packets.ts';

function writeSection(packets: readonly Uint8Array[], secrets: Uint8Array, number: typeof le): Uint8Array {
  const u32 = (value: number): Uint8Array => number(BigInt(value), 4);
  const u16 = (value: number): Uint8Array => number(BigInt(value), 2);
  const block = (type: number, body: Uint8Array): Uint8Array => {
    const padded = concat(body, new Uint8Array(-body.length & 3));
    const length = u32(padded.length + 12);
    return concat(u32(type), length, padded, length);
  };
  return concat(
    block(0x0a0d0d0a, concat(u32(0x1a2b3c4d), u16(1), u16(0), new Uint8Array(8).fill(255))),
    block(1, concat(u16(1), u16(0), u32(0))),
    block(10, concat(u32(0x544c534b), u32(secrets.length), secrets)),
    ...packets.map((packet) =>
      block(6, concat(u32(0), u32(0), u32(0), u32(packet.length), u32(packet.length), packet)),
    ),
  );
}

export function samples(): readonly ContainerSample[] {
  const rng = createRng('containers/pcapng');
  const a = rng.bytes(200);
  const b = rng.bytes(300);
  const secrets = rng.bytes(45);
  const packets = [frame({ sequence: 1201, payload: b }), frame({ sequence: 1001, payload: a })];
  const later = frame({ sequence: 7, payload: b, version: 6 });
  const log = (i: number) => ({ name: `TLS key log ${i}`, content: secrets });
  const whole = { name: 'tcp 10.0.0.1:40000 > 10.0.0.2:443', content: concat(a, b) };
  const bytes = concat(writeSection(packets, secrets, le), writeSection([later], secrets, be));
  const counts = [
    { at: 4, bytes: 4 },
    { at: 32, bytes: 4 },
    { at: 36, bytes: 2 },
    { at: 52, bytes: 4 },
    { at: 60, bytes: 4 },
  ] as const;
  return [
    {
      name: 'two sections',
      container: 'pcapng',
      bytes,
      members: [
        log(0),
        log(1),
        whole,
        { name: 'tcp [fd00:0:0:0:0:0:0:1]:40000 > [fd00:0:0:0:0:0:0:2]:443', content: b },
      ],
      counts,
      headerBytes: 200,
    },
    {
      name: 'cut off in a packet',
      container: 'pcapng',
      bytes: writeSection(packets, secrets, le).subarray(0, -40),
      members: [
        log(0), // Of the second packet 34 bytes, two of padding and the length are lost.
        { name: whole.name, content: concat(a.subarray(0, 166), b) },
      ],
      gaps: ['format-error'],
      counts,
      headerBytes: 60,
    },
  ];
}
