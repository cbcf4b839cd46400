/** Writes small EventPipe traces, after NetTraceFormat.md of perfview. */
import type { DumpSample, Expected } from '../dump-sample.ts';
import { Binary } from '../encode/binary.ts';

const trace = (out: Binary): Binary => out.u16(2026, 1, 5, 2, 3, 4, 5, 6).u64(1, 10_000_000).u32(8, 4711, 4, 1_000_000);

function writeObjects(): DumpSample {
  const out = new Binary('little').bytes('Nettrace').u32(20).bytes('!FastSerialization.1');
  const expected: Expected[] = [];
  const begin = (name: string, version: number): void => {
    out.u8(5, 5, 1).u32(version, version).count(4, name.length).bytes(name).u8(6);
  };
  begin('Trace', 4);
  trace(out).u8(6);
  for (const [name, size] of [
    ['MetadataBlock', 33],
    ['EventBlock', 70],
    ['SPBlock', 12],
  ] as const) {
    begin(name, 2);
    out.count(4, size).pad(4);
    expected.push({ start: out.at, end: out.at + size, kind: 'stream', label: name });
    out.bytes(new Uint8Array(size).fill(7)).u8(6);
  }
  out.u8(1);
  return {
    name: 'version 4',
    format: 'nettrace',
    bytes: out.done(),
    expected,
    counts: out.counts,
    headerBytes: 140,
    process: { pid: 4711 },
  };
}

function writeBlocks(): DumpSample {
  const out = new Binary('little').bytes('Nettrace').u32(0, 6, 0);
  const expected: Expected[] = [];
  for (const [kind, label, size] of [
    [1, 'Trace', 50],
    [3, 'MetadataBlock', 21],
    [2, 'EventBlock', 90],
  ] as const) {
    out.count(4, kind * 2 ** 24 + size);
    expected.push({ start: out.at, end: out.at + size, kind: 'stream', label });
    out.bytes(new Uint8Array(size).fill(7));
  }
  out.u32(0);
  return { name: 'version 6', format: 'nettrace', bytes: out.done(), expected, counts: out.counts, headerBytes: 60 };
}

function writeNetperf(): DumpSample {
  const out = new Binary('little').u32(20).bytes('!FastSerialization.1');
  const name = 'Microsoft.DotNet.Runtime.EventPipeFile';
  out.u8(4, 4, 1).u32(2, 0).count(4, name.length).bytes(name).u8(6);
  const start = out.at;
  trace(out).bytes(new Uint8Array(100).fill(9));
  return {
    name: 'netperf',
    format: 'nettrace',
    bytes: out.done(),
    expected: [{ start, end: out.at, kind: 'stream', label: 'events' }],
    counts: out.counts,
    headerBytes: 80,
  };
}

export function samples(): readonly DumpSample[] {
  return [writeObjects(), writeBlocks(), writeNetperf()];
}
