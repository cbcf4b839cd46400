/** Writes VMware state files with the guest's memory in them, after the tags that volatility3 reads. */
import type { DumpSample, Expected } from '../dump-sample.ts';
import { Binary } from '../encode/binary.ts';

const PAGE = 4096;

export function samples(): readonly DumpSample[] {
  const tag = (out: Binary, name: string, indices: readonly number[], value: number): void => {
    out
      .u8((indices.length << 6) | 4, name.length)
      .bytes(name)
      .u32(...indices)
      .u32(value);
  };
  const groupsAt = 12;
  const out = new Binary('little').u32(0xbed2bed2, 8).count(4, 2);
  const cpu = new Binary('little');
  tag(cpu, 'cpu:numVCPUs', [], 2);
  cpu.u8(0, 0);
  const memory = new Binary('little');
  tag(memory, 'regionsCount', [], 2);
  const mapping = [
    [0, 0, 4],
    [4, 0x10_0000, 2],
  ];
  for (const [i, [page, address, size]] of mapping.entries()) {
    tag(memory, 'regionPageNum', [i], page!);
    tag(memory, 'regionPPN', [i], address!);
    tag(memory, 'regionSize', [i], size!);
  }
  memory
    .u8((2 << 6) | 62, 6)
    .bytes('Memory')
    .u32(0, 0)
    .count(8, 6 * PAGE)
    .count(8, 6 * PAGE)
    .u8(5, 0)
    .zeros(5);
  const data = memory.at;
  memory.bytes(new Uint8Array(6 * PAGE).fill(0x5a)).u8(0, 0);
  const first = groupsAt + 2 * 80;
  for (const [name, at, size] of [
    ['cpu', first, cpu.at],
    ['memory', first + cpu.at, memory.at],
  ] as const) {
    out
      .bytes(name)
      .zeros(64 - name.length)
      .count(8, at)
      .u64(size);
  }
  out.append(cpu);
  const start = out.at + data;
  out.append(memory);
  const expected: Expected[] = [
    { start: first, end: first + cpu.at, kind: 'stream', label: 'cpu' },
    { start, end: start + 4 * PAGE, kind: 'memory', label: 'guest', address: 0n },
    { start: start + 4 * PAGE, end: start + 6 * PAGE, kind: 'memory', label: 'guest', address: 0x1_0000_0000n },
  ];
  return [
    {
      name: 'with memory in two regions',
      format: 'vmware',
      bytes: out.done(),
      expected,
      counts: out.counts,
      headerBytes: first + 200,
    },
  ];
}
