/** Writes small Go heap dumps, in the order of mdump in runtime/heapdump.go. */
import type { DumpSample, Expected } from '../dump-sample.ts';
import { Binary } from '../encode/binary.ts';
import { le } from '../encode/text.ts';

function varint(value: number | bigint): Uint8Array {
  const out: number[] = [];
  let rest = BigInt(value);
  for (; rest >= 128n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...out, Number(rest)]);
}

export interface GoDump {
  readonly sample: DumpSample;
  readonly secretAt: number;
  readonly names: readonly string[];
}

export function writeGoHeapDump(secret: Uint8Array): GoDump {
  const out = new Binary('little').bytes('go1.7 heap dump\n');
  const expected: Expected[] = [];
  const ints = (...values: readonly (number | bigint)[]): void => {
    for (const value of values) out.bytes(varint(value));
  };
  const memory = (bytes: Uint8Array | string): number => {
    out.counts.push({ at: out.at, bytes: 1 });
    ints(bytes.length);
    out.bytes(bytes);
    return out.at - bytes.length;
  };
  const heap = 0xc0_0001_0000n;
  ints(6, 0, 8, heap, heap + 0x1000n);
  memory('amd64');
  memory('go1.26');
  ints(2);
  ints(3, 0x50_0000, 16);
  memory('string');
  ints(1, 8, 0x1234, 0x5678);
  const first = out.at;
  ints(1, heap);
  const secretAt = memory(secret);
  ints(0);
  ints(1, heap + 0x100n);
  memory(new Uint8Array([...new Uint8Array(8), ...le(heap, 8)]));
  ints(1, 8, 0);
  expected.push({ start: first, end: out.at, kind: 'heap', label: 'Go heap' });
  for (const [tag, address, label] of [
    [12, 0x60_0000, 'data segment'],
    [13, 0x61_0000, 'BSS segment'],
  ] as const) {
    ints(tag, address);
    const start = memory(new Uint8Array(40).fill(tag));
    expected.push({ start, end: start + 40, kind: 'image', label, address: BigInt(address) });
    ints(1, 8, 1, 16, 0);
  }
  ints(4, heap + 0x200n, 0xc000_1000, 18, 0x40_1000, 4, 0, 0, 0);
  memory('chan receive');
  ints(0, 0, 0, 0);
  const frame = out.at;
  ints(5, 0xc000_1000, 0, 0);
  memory(new Uint8Array([...le(7n, 8), ...le(heap + 0x100n, 8)]));
  ints(0x40_2000, 0x40_2010, 0x40_2010);
  memory('main.serve');
  ints(1, 8, 0);
  expected.push({ start: frame, end: out.at, kind: 'stack', label: 'goroutine 18', thread: 18 });
  ints(9, 1, 2, 3);
  ints(2);
  memory('runtime type info');
  ints(0x55_0000);
  ints(10, ...new Array<number>(281).fill(1));
  ints(16, 0x77, 16, 1);
  memory('main.load');
  memory('/app/main.go');
  ints(12, 1, 0);
  ints(17, heap, 0x77);
  ints(0);
  return {
    sample: {
      name: 'two objects, a goroutine',
      format: 'go-heapdump',
      bytes: out.done(),
      expected,
      counts: out.counts,
      headerBytes: 64,
      threads: [18],
    },
    secretAt,
    names: [
      'frame of main.serve, goroutine 18',
      'object at 0xc000010100, 16 bytes',
      'object at 0xc000010000, 40 bytes',
    ],
  };
}

export function samples(): readonly DumpSample[] {
  return [writeGoHeapDump(new Uint8Array(40).fill(0xab)).sample];
}
