/** Crash reports with memory in hex, and the bytes that it stands for. */
import type { ContainerSample } from '../dump-sample.ts';
import { ascii, concat } from '../encode/text.ts';
import { tombstoneText } from '../formats/android-tombstone.ts';
import { STACK_ADDRESS, writeHsErr } from '../formats/hs-err.ts';
import { microdumpText } from '../formats/microdump.ts';

export interface HexSample {
  readonly sample: ContainerSample;
  /** Where the memory that was asked for lies in the member, and at which address. */
  readonly at: number;
  readonly address: bigint;
}

export function hexSamples(memory: Uint8Array): readonly HexSample[] {
  const gap = new Uint8Array(64);
  const make = (name: string, bytes: Uint8Array, content: Uint8Array, at: number, address: number): HexSample => ({
    sample: {
      name,
      container: 'hex-memory',
      bytes,
      members: [{ name: 'memory', content }],
      counts: [],
      headerBytes: 300,
    },
    at,
    address: BigInt(address),
  });
  const stack = Uint8Array.from([0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 0xaa, 0x99, 0, 0, 0, 0, 0, 0]);
  const thread = concat(stack, gap, memory, gap);
  return [
    make('hs_err', writeHsErr(memory, '\n').bytes, concat(memory, gap), 0, STACK_ADDRESS),
    make('tombstone', ascii(tombstoneText(memory, 0x7500_1000)), concat(thread, thread), 80, 0x7500_1000),
    make('microdump', ascii(microdumpText(memory, 0xffff_0000)), concat(memory, gap), 0, 0xffff_0000),
  ];
}

export function samples(): readonly ContainerSample[] {
  return hexSamples(Uint8Array.from({ length: 800 }, (_, i) => i * 11)).map(({ sample }) => sample);
}
