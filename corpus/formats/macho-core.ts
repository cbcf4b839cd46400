/** Writes Mach-O cores, from mach-o/loader.h: 32 and 64 bits, either byte order, with lldb's notes or without. */
import type { DumpSample, Expected } from '../dump-sample.ts';
import { ByteWriter } from '../encode/byte-writer.ts';
import { createRng } from '../rng.ts';

interface Cpu {
  readonly type: number;
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  readonly flavor: number;
  /** Registers of the flavor, and which are sp and pc. */
  readonly registers: number;
  readonly sp: number;
  readonly pc: number;
  /** x86_THREAD_STATE: the flavor comes again inside. */
  readonly unified?: number;
}

const X86_64: Cpu = { type: 0x01000007, bits: 64, littleEndian: true, flavor: 4, registers: 21, sp: 7, pc: 16 };
const ARM64: Cpu = { type: 0x0100000c, bits: 64, littleEndian: true, flavor: 6, registers: 34, sp: 31, pc: 32 };
const X86: Cpu = { type: 7, bits: 32, littleEndian: true, flavor: 1, registers: 16, sp: 7, pc: 10, unified: 7 };
const POWERPC: Cpu = { type: 18, bits: 32, littleEndian: false, flavor: 1, registers: 40, sp: 3, pc: 0 };

interface Segment {
  readonly address: number;
  readonly content: Uint8Array;
  readonly protection: number;
  readonly kind: Expected['kind'];
  readonly label: string;
  readonly thread?: number;
}

const PAGE = 4096;

/** The first page of an image in memory: header, two segments, UUID, install name. */
function imagePage(cpu: Cpu, type: number, linkedAt: number, uuid: Uint8Array, name: string): Uint8Array {
  const commands = new ByteWriter(cpu.littleEndian);
  const wide = cpu.bits === 64;
  for (const [i, segment] of ['__TEXT', '__DATA'].entries()) {
    commands.u32(wide ? 0x19 : 1, wide ? 72 : 56).text(segment, 16);
    const words = [linkedAt + i * PAGE, PAGE, i * PAGE, PAGE];
    if (wide) commands.u64(...words);
    else commands.u32(...words);
    commands.u32(7, i === 0 ? 5 : 3, 0, 0);
  }
  commands.u32(0x1b, 24).bytes(uuid);
  let count = 3;
  if (type === 6) {
    commands.u32(0xd, 24 + 32, 24, 0, 0, 0).text(name, 32);
    count++;
  }
  const out = new ByteWriter(cpu.littleEndian).u32(
    wide ? 0xfeedfacf : 0xfeedface,
    cpu.type,
    3,
    type,
    count,
    commands.at,
    0,
  );
  if (wide) out.u32(0);
  return out.bytes(commands.finish()).to(PAGE).finish();
}

function threadCommand(cpu: Cpu, sp: number): Uint8Array {
  const registers = new ByteWriter(cpu.littleEndian);
  for (let i = 0; i < cpu.registers; i++) {
    const value = i === cpu.sp ? sp : i === cpu.pc ? 0x1234 : i;
    if (cpu.bits === 64) registers.u64(value);
    else registers.u32(value);
  }
  const state = new ByteWriter(cpu.littleEndian);
  if (cpu.unified === undefined) state.u32(cpu.flavor, registers.at / 4);
  else state.u32(cpu.unified, registers.at / 4 + 2, cpu.flavor, registers.at / 4);
  state.bytes(registers.finish());
  // A flavor that is not the general registers comes after.
  state.u32(99, 2, 0, 0);
  return new ByteWriter(cpu.littleEndian)
    .u32(4, state.at + 8)
    .bytes(state.finish())
    .finish();
}

function core(name: string, cpu: Cpu, { notes = false, cut = 0 } = {}): DumpSample {
  const rng = createRng(`macho-core ${name}`);
  const { littleEndian } = cpu;
  const wide = cpu.bits === 64;
  const base = wide ? 0x1_0000_0000 : 0x1000;
  const high = wide ? 0x7000_0000_0000 : 0xb000_0000;
  const [programId, libraryId] = [rng.bytes(16), rng.bytes(16)];
  const program = notes ? 'service' : 'executable';
  const segments: Segment[] = [
    {
      address: base,
      content: imagePage(cpu, 2, 0x4000, programId, ''),
      protection: 5,
      kind: 'image',
      label: `${program} __TEXT`,
    },
    {
      address: high,
      content: rng.bytes(2 * PAGE),
      protection: 3,
      kind: 'stack',
      label: 'stack of thread 1',
      thread: 1,
    },
    { address: base + 0x10_0000, content: rng.bytes(PAGE), protection: 3, kind: 'memory', label: 'memory rw-' },
    { address: base + PAGE, content: rng.bytes(PAGE), protection: 3, kind: 'image', label: `${program} __DATA` },
    {
      address: high + 0x10_0000,
      content: rng.bytes(PAGE + 8),
      protection: 3,
      kind: 'stack',
      label: 'stack of thread 2',
      thread: 2,
    },
    {
      address: base + 0x20_0000,
      content: imagePage(cpu, 6, 0, libraryId, '/usr/lib/libservice.dylib'),
      protection: 5,
      kind: 'image',
      label: 'libservice.dylib __TEXT',
    },
    // Neighbour in memory of the third segment.
    { address: base + 0x10_1000, content: rng.bytes(PAGE), protection: 3, kind: 'memory', label: 'memory rw-' },
  ];
  const threads = [threadCommand(cpu, high + PAGE), threadCommand(cpu, high + 0x10_0040)];
  const segmentBytes = wide ? 72 : 56;
  const noteCount = notes ? 3 : 0;
  const commandBytes =
    segments.length * segmentBytes + threads.reduce((sum, { length }) => sum + length, 0) + 24 + noteCount * 40;
  const headBytes = (wide ? 32 : 28) + commandBytes;
  const counts: DumpSample['counts'][number][] = [
    { at: 16, bytes: 4 },
    { at: 20, bytes: 4 },
  ];

  const paths = ['/opt/service', '/usr/lib/libservice.dylib'];
  const listAt = Math.ceil(headBytes / 8) * 8;
  const [binaryAt, bitsAt] = [listAt + 24 + 2 * 48 + 64, listAt + 24 + 2 * 48 + 128];
  const dataAt = Math.ceil((headBytes + 1024) / PAGE) * PAGE;

  const out = new ByteWriter(littleEndian);
  const word = (...values: readonly number[]): unknown => (wide ? out.u64(...values) : out.u32(...values));
  out.u32(
    wide ? 0xfeedfacf : 0xfeedface,
    cpu.type,
    3,
    4,
    segments.length + threads.length + 1 + noteCount,
    commandBytes,
    0,
  );
  if (wide) out.u32(0);
  let next = dataAt;
  const expected: Expected[] = [];
  for (const { address, content, protection, kind, label, thread } of segments) {
    counts.push({ at: out.at + 4, bytes: 4 }, { at: out.at + (wide ? 40 : 32), bytes: wide ? 8 : 4 });
    counts.push({ at: out.at + (wide ? 48 : 36), bytes: wide ? 8 : 4 });
    out.u32(wide ? 0x19 : 1, segmentBytes).zeros(16);
    word(address, content.length, next, content.length);
    out.u32(protection, protection, 0, 0);
    const region = { start: next, end: next + content.length, kind, label, address: BigInt(address) };
    expected.push(thread === undefined ? region : { ...region, thread });
    next = Math.ceil((next + content.length) / PAGE) * PAGE;
  }
  for (const [i, thread] of threads.entries()) {
    counts.push({ at: out.at + 4, bytes: 4 }, { at: out.at + 12, bytes: 4 });
    expected.push({
      start: out.at,
      end: out.at + thread.length,
      kind: 'registers',
      label: `thread ${i + 1}`,
      thread: i + 1,
    });
    out.bytes(thread);
  }
  out.u32(0x1b, 24).bytes(programId);
  if (notes) {
    const entries = [
      ['addrable bits', bitsAt, 16],
      ['main bin spec', binaryAt, 48],
      ['all image infos', listAt, 256],
    ] as const;
    for (const [owner, at, size] of entries) out.u32(0x31, 40).text(owner, 16).u64(at, size);
    out.to(listAt);
    counts.push({ at: out.at + 4, bytes: 4 }, { at: out.at + 8, bytes: 8 }, { at: out.at + 16, bytes: 4 });
    expected.push({ start: listAt, end: listAt + 24, kind: 'stream', label: 'all image infos' });
    out
      .u32(1, 2)
      .u64(listAt + 24)
      .u32(48, 0);
    const pathsAt = listAt + 256;
    const images = [programId, libraryId].entries();
    for (const [i, uuid] of images)
      out
        .u64(pathsAt + i * 64)
        .bytes(uuid)
        .u64(segments[i * 5]!.address, 0)
        .u32(0, i === 0 ? 1 : 0);
    out.to(binaryAt).u32(1, 2).u64(base).bytes(programId);
    out.to(bitsAt).u32(3, 47).to(pathsAt);
    for (const path of paths) out.text(path, 64);
  }
  const headerBytes = out.at;
  for (const [i, { content }] of segments.entries()) out.to(expected[i]!.start).bytes(content);
  const bytes = out.finish();
  const end = bytes.length - cut;
  return {
    name,
    format: 'macho-core',
    bytes: bytes.subarray(0, end),
    expected: expected
      .filter(({ start }) => start < end)
      .map((region) => ({ ...region, end: Math.min(region.end, end) })),
    counts,
    headerBytes,
    threads: [1, 2],
    ...(notes ? { process: { name: 'service' } } : {}),
  };
}

export function samples(): readonly DumpSample[] {
  return [
    core('x86-64, notes of lldb', X86_64, { notes: true }),
    core('ARM64', ARM64),
    core('ARM64, cut off', ARM64, { cut: PAGE + 100 }),
    core('x86', X86),
    core('PowerPC, big-endian', POWERPC),
  ];
}
