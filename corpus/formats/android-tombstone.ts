/** Writes Android tombstones: text as tombstone.cpp of libdebuggerd formats it, protobuf as tombstone.proto numbers it. */
import type { DumpSample, Expected } from '../dump-sample.ts';
import { Binary } from '../encode/binary.ts';
import { ascii, concat } from '../encode/text.ts';

const FINGERPRINT = 'google/blue/blue:16/AB1C.250905.014/1:user/release-keys';

export function tombstoneText(memory: Uint8Array, address: number): string {
  const view = new DataView(memory.buffer, memory.byteOffset, memory.length);
  const hex = (value: bigint): string => value.toString(16).padStart(16, '0');
  const rows = Array.from({ length: memory.length / 16 }, (_, i) => {
    const row = memory.subarray(i * 16, i * 16 + 16);
    const shown = String.fromCharCode(...row.map((char) => (char >= 0x20 && char < 0x7f ? char : 0x2e)));
    const words = [0, 8].map((at) => hex(view.getBigUint64(i * 16 + at, true)));
    return `    ${hex(BigInt(address + i * 16))} ${words.join(' ')}  ${shown}`;
  });
  const thread = (tid: number, name: string): string[] => [
    `pid: 4711, tid: ${tid}, name: ${name}  >>> com.example.app <<<`,
    'signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x0',
    '    x0  0000000000000000  x1  0000000000000001',
    '',
    'backtrace:',
    '    #00 pc 000000000000b38b  /data/app/lib.so (f+27)',
    '',
    'stack:',
    `         ${hex(0x7_ff00n)}  ${hex(0x1122_3344_5566_7788n)}  [stack]`,
    `    #00  ${hex(0x7_ff08n)}  ${hex(0x99aan)}  /lib.so`,
    '',
    'memory near x0:',
    ...rows,
    '',
  ];
  return [
    '*** *** *** *** *** *** *** *** *** *** *** *** *** *** *** ***',
    `Build fingerprint: '${FINGERPRINT}'`,
    "ABI: 'arm64'",
    ...thread(4712, 'Main thread'),
    '--- --- --- --- --- --- --- --- --- --- --- --- --- --- --- ---',
    ...thread(4713, 'worker'),
    'logcat:',
    '--------- tail end of log main',
    '01-01 00:00:00.000 I/x: y',
    '',
  ].join('\n');
}

function writeText(): DumpSample {
  const text = tombstoneText(
    Uint8Array.from({ length: 48 }, (_, i) => i * 5),
    0x7500_1000,
  );
  const expected: Expected[] = [];
  const add = (from: number, until: string, meaning: Omit<Expected, 'start' | 'end'>): void => {
    expected.push({ start: from, end: text.indexOf(until, from), ...meaning });
  };
  const second = text.indexOf('--- ---');
  add(text.indexOf('stack:'), '\nmemory', { kind: 'stack', label: 'stack', thread: 4712 });
  add(text.indexOf('memory near'), '\n---', { kind: 'memory', label: 'memory near x0', thread: 4712 });
  add(text.indexOf('backtrace:', second), '\nstack', { kind: 'stream', label: 'backtrace', thread: 4713 });
  add(text.indexOf('logcat:'), '--------- tail', { kind: 'stream', label: 'log' });
  return {
    name: 'text',
    format: 'android-tombstone',
    bytes: ascii(text),
    expected,
    counts: [],
    headerBytes: 400,
    process: { name: 'com.example.app', pid: 4711 },
    threads: [4712, 4713],
  };
}

function varint(value: bigint): Uint8Array {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 128n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...out, Number(rest)]);
}
const number = (field: number, value: number | bigint): Uint8Array =>
  concat(varint(BigInt(field * 8)), varint(BigInt(value)));
const counted = (field: number, value: Uint8Array | string): Uint8Array =>
  concat(varint(BigInt(field * 8 + 2)), varint(BigInt(value.length)), value);

function writeProtobuf(): DumpSample {
  const out = new Binary('little');
  const expected: Expected[] = [];
  out.bytes(number(1, 1), counted(2, FINGERPRINT), counted(4, '2026-01-01'), number(5, 4711), number(6, 4713));
  out.bytes(number(7, 10_001));
  const command = out.at + 2;
  out.bytes(counted(9, 'com.example.app'));
  expected.push({ start: command, end: out.at, kind: 'environment', label: 'command line' });
  for (const id of [4712, 4713]) {
    const memory = new Uint8Array(256).fill(id & 0xff);
    const dump = concat(
      counted(1, 'sp'),
      counted(2, '[anon:stack_and_tls:1]'),
      number(3, 0x75_0000_1000),
      counted(4, memory),
    );
    const thread = concat(number(1, id), counted(2, `thread ${id}`), counted(5, dump), number(6, 1));
    const entry = concat(number(1, id), counted(2, thread));
    out.counts.push({ at: out.at + 2, bytes: 2 });
    out.bytes(counted(16, entry));
    const end = out.at - number(6, 1).length;
    const meaning = { kind: 'stack', label: 'memory near sp', address: 0x75_0000_1000n, thread: id } as const;
    expected.push({ start: end - memory.length, end, ...meaning });
  }
  const log = counted(18, concat(counted(1, 'main'), counted(2, counted(6, 'a message'))));
  expected.push({ start: out.at + 3, end: out.at + log.length, kind: 'stream', label: 'log buffers' });
  out.bytes(log);
  return {
    name: 'protobuf',
    format: 'android-tombstone',
    bytes: out.done(),
    expected,
    counts: out.counts,
    headerBytes: 120,
    process: { name: 'com.example.app', pid: 4711 },
    threads: [4712, 4713],
  };
}

export function samples(): readonly DumpSample[] {
  return [writeText(), writeProtobuf()];
}
