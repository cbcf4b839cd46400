/**
 * Writes ELF cores of the variants that occur: both classes and byte orders, Linux, FreeBSD, NetBSD, QEMU, notes first or
 * last, segments out of order, more than 65,534 of them. From the System V ABI and the headers of the systems.
 */
import type { DumpSample, Expected } from '../dump-sample.ts';
import { ByteWriter } from '../encode/byte-writer.ts';
import { createRng } from '../rng.ts';

interface Target {
  readonly machine: number;
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  /** Bytes of struct elf_prstatus, where its registers begin, their size, and which of them are sp and pc. */
  readonly status: {
    readonly bytes: number;
    readonly at: number;
    readonly width: 4 | 8;
    readonly sp: number;
    readonly pc: number;
  };
}

const X86_64: Target = {
  machine: 62,
  bits: 64,
  littleEndian: true,
  status: { bytes: 336, at: 112, width: 8, sp: 19, pc: 16 },
};
const AARCH64: Target = {
  machine: 183,
  bits: 64,
  littleEndian: true,
  status: { bytes: 392, at: 112, width: 8, sp: 31, pc: 32 },
};
const I386: Target = {
  machine: 3,
  bits: 32,
  littleEndian: true,
  status: { bytes: 144, at: 72, width: 4, sp: 15, pc: 12 },
};
const S390X: Target = {
  machine: 22,
  bits: 64,
  littleEndian: false,
  status: { bytes: 336, at: 112, width: 8, sp: 17, pc: 1 },
};
const POWERPC: Target = {
  machine: 20,
  bits: 32,
  littleEndian: false,
  status: { bytes: 268, at: 72, width: 4, sp: 1, pc: 32 },
};

interface Load {
  readonly address: number;
  readonly content: Uint8Array;
  readonly flags: number;
  readonly kind: Expected['kind'];
  readonly label: string;
  readonly thread?: number;
  /** More memory than was dumped. */
  readonly memoryBytes?: number;
}

interface Note {
  readonly owner: string;
  readonly type: number;
  readonly content: Uint8Array;
}

interface Options {
  /** Order in which the segments are stored; by default that of the table. */
  readonly order?: readonly number[];
  readonly notesLast?: boolean;
  /** The count of program headers in the first section header. */
  readonly extendedCount?: boolean;
  /** Addresses in p_paddr, with p_vaddr zero. */
  readonly physical?: boolean;
}

interface Written {
  readonly bytes: Uint8Array;
  /** Offset of each load. */
  readonly offsets: readonly number[];
  readonly counts: DumpSample['counts'];
  readonly headerBytes: number;
}

const PAGE = 4096;

function write(target: Target, notes: readonly Note[], loads: readonly Load[], options: Options = {}): Written {
  const { bits, littleEndian } = target;
  const wide = bits === 64;
  const [headerSize, entrySize] = wide ? [64, 56] : [52, 32];
  const noteBytes = encodeNotes(notes, littleEndian);
  const tableEnd = headerSize + entrySize * (loads.length + 1);
  const sectionAt = tableEnd;
  const firstAt = sectionAt + (options.extendedCount ? (wide ? 64 : 40) : 0);
  let next = options.notesLast ? firstAt : firstAt + noteBytes.length;
  const offsets: number[] = [];
  for (const index of options.order ?? loads.map((_, i) => i)) {
    next = Math.ceil(next / PAGE) * PAGE;
    offsets[index] = next;
    next += loads[index]!.content.length;
  }
  const notesAt = options.notesLast ? next : firstAt;

  const file = new ByteWriter(littleEndian);
  const word = (...values: readonly number[]): unknown => (wide ? file.u64(...values) : file.u32(...values));
  file
    .u8(0x7f)
    .text('ELF')
    .u8(wide ? 2 : 1, littleEndian ? 1 : 2, 1)
    .to(16);
  file.u16(4, target.machine).u32(1);
  word(0, headerSize, options.extendedCount ? sectionAt : 0);
  file.u32(0).u16(headerSize, entrySize, options.extendedCount ? 65_535 : loads.length + 1);
  file.u16(wide ? 64 : 40, options.extendedCount ? 1 : 0, 0);
  const counts: DumpSample['counts'][number][] = [
    { at: wide ? 32 : 28, bytes: wide ? 8 : 4 },
    { at: wide ? 56 : 44, bytes: 2 },
  ];

  const entry = (type: number, flags: number, fields: readonly number[]): void => {
    const [offset = 0, address = 0, physical = 0, fileBytes = 0, memoryBytes = 0, align = 0] = fields;
    file.u32(type);
    if (wide) file.u32(flags);
    word(offset, address, physical, fileBytes, memoryBytes);
    if (!wide) file.u32(flags);
    word(align);
  };
  entry(4, 0, [notesAt, 0, 0, noteBytes.length, 0, 4]);
  for (const [i, { address, content, flags, memoryBytes = content.length }] of loads.entries()) {
    const at = file.at;
    counts.push(
      { at: at + (wide ? 8 : 4), bytes: wide ? 8 : 4 },
      { at: at + (wide ? 32 : 16), bytes: wide ? 8 : 4 },
      { at: at + (wide ? 40 : 20), bytes: wide ? 8 : 4 },
    );
    const [virtual, physical] = options.physical ? [0, address] : [address, 0];
    entry(1, flags, [offsets[i]!, virtual, physical, content.length, memoryBytes, PAGE]);
  }
  if (options.extendedCount) {
    // Section 0: sh_info is the fifth field after name, type, flags, address, offset, size and link.
    file.u32(0, 0);
    word(0, 0, 0, 0);
    file.u32(0);
    counts.push({ at: file.at, bytes: 4 });
    file.u32(loads.length + 1);
    word(0, 0);
  }
  if (!options.notesLast) {
    counts.push({ at: file.at, bytes: 4 }, { at: file.at + 4, bytes: 4 });
    file.bytes(noteBytes);
  }
  const headerBytes = file.at;
  for (const [i, offset] of [...offsets.entries()].sort(([, a], [, b]) => a - b))
    file.to(offset).bytes(loads[i]!.content);
  if (options.notesLast) file.bytes(noteBytes);
  return { bytes: file.finish(), offsets, counts, headerBytes };
}

function encodeNotes(notes: readonly Note[], littleEndian: boolean): Uint8Array {
  const out = new ByteWriter(littleEndian);
  for (const { owner, type, content } of notes) {
    out
      .u32(owner.length + 1, content.length, type)
      .text(`${owner}\0`)
      .align(4)
      .bytes(content)
      .align(4);
  }
  return out.finish();
}

function status(target: Target, thread: number, sp: number, signal: number): Note {
  const { bytes, at, width, sp: spIndex, pc } = target.status;
  const out = new ByteWriter(target.littleEndian);
  out
    .zeros(12)
    .u16(signal)
    .to(target.bits === 64 ? 32 : 24)
    .u32(thread, 1, thread, thread)
    .to(at);
  const registers = (bytes - at) / width;
  for (let i = 0; i < Math.floor(registers); i++) {
    const value = i === spIndex ? sp : i === pc ? 0x40_1234 : i * 0x101;
    if (width === 8) out.u64(value);
    else out.u32(value);
  }
  return { owner: 'CORE', type: 1, content: out.to(bytes).finish() };
}

/** struct elf_prpsinfo: 136 bytes with 64 bits; with 32, 124 where user ids have 16 bits (x86), 128 elsewhere. */
function processInfo({ bits, machine, littleEndian }: Target, pid: number, name: string): Note {
  const out = new ByteWriter(littleEndian).zeros(4);
  if (bits === 64) out.align(8).u64(0).u32(0, 0);
  else if (machine === 3) out.u32(0).u16(0, 0);
  else out.u32(0, 0, 0);
  out.u32(pid, 1, pid, pid).text(name, 16).text(`${name} --serve`, 80);
  return { owner: 'CORE', type: 3, content: out.finish() };
}

function words(target: Target, values: readonly number[]): Uint8Array {
  const out = new ByteWriter(target.littleEndian);
  if (target.bits === 64) out.u64(...values);
  else out.u32(...values);
  return out.finish();
}

/** The top of a new program's stack as Linux lays it out, and where its strings begin. */
function initialStack(target: Target, auxiliary: readonly number[], end: number, bytes: number, fill: Uint8Array) {
  const width = target.bits / 8;
  const [command, variables] = [
    ['service', '--port', '8080'],
    ['HOME=/root', 'LANG=C.UTF-8', 'STAGE=test'],
  ];
  const strings = new ByteWriter();
  const offsets: number[] = [];
  for (const text of [...command, ...variables, '/opt/service']) {
    offsets.push(strings.at);
    strings.text(`${text}\0`);
  }
  const stringsAt = end - width - strings.at;
  const pointers = offsets.map((offset) => stringsAt + offset);
  const block = words(target, [
    command.length,
    ...pointers.slice(0, command.length),
    0,
    ...pointers.slice(command.length, -1),
    0,
    ...auxiliary,
  ]);
  const content = new Uint8Array(bytes);
  content.set(fill.subarray(0, bytes));
  const base = end - bytes;
  const blockAt = Math.floor((stringsAt - base - block.length - 64) / 16) * 16;
  content.fill(0, blockAt);
  content.set(block, blockAt);
  content.set(strings.finish(), stringsAt - base);
  return {
    content,
    argumentsAt: stringsAt - base,
    environmentAt: pointers[command.length]! - base,
    fileName: pointers.at(-1)!,
  };
}

/** First page of an executable in memory: header, PT_LOAD and PT_NOTE, the note with the build id. */
function imagePage(target: Target, size: number, buildId: Uint8Array): Uint8Array {
  const wide = target.bits === 64;
  const out = new ByteWriter(target.littleEndian);
  const word = (...values: readonly number[]): unknown => (wide ? out.u64(...values) : out.u32(...values));
  out
    .u8(0x7f)
    .text('ELF')
    .u8(wide ? 2 : 1, target.littleEndian ? 1 : 2, 1)
    .to(16)
    .u16(3, target.machine)
    .u32(1);
  word(0x234, wide ? 64 : 52, 0);
  out.u32(0).u16(wide ? 64 : 52, wide ? 56 : 32, 2, 0, 0, 0);
  for (const [type, at, length] of [
    [1, 0, size],
    [4, 512, 36],
  ] as const) {
    out.u32(type);
    if (wide) out.u32(4);
    word(at, at, at, length, length);
    if (!wide) out.u32(4);
    word(4);
  }
  out.to(512).u32(4, buildId.length, 3).text('GNU\0').bytes(buildId);
  return out.to(PAGE).finish();
}

/** A Linux process with two threads, a module, a heap in two segments, an anonymous mapping and a vDSO. */
function linuxProcess(name: string, target: Target, options: Options = {}): DumpSample {
  const rng = createRng(`elf-core ${name}`);
  const base = target.bits === 64 ? 0x5555_5555_0000 : 0x0804_8000;
  const high = target.bits === 64 ? 0x7fff_0000_0000 : 0xb000_0000;
  const [pid, second] = [4242, 4243];
  const stackEnd = high + 0x80_0000;
  const stackBytes = 4 * PAGE;
  const auxiliary = [
    [33, high + 0x20_0000],
    [16, 0x1234],
    [6, PAGE],
    [9, base + 0x1234],
    [23, 0],
    [31, 0],
    [0, 0],
  ];
  const measured = initialStack(target, auxiliary.flat(), stackEnd, stackBytes, rng.bytes(stackBytes));
  auxiliary[5]![1] = measured.fileName;
  const stack = initialStack(target, auxiliary.flat(), stackEnd, stackBytes, rng.bytes(stackBytes));
  const buildId = rng.bytes(20);
  const heapAt = base + 0x10_0000;
  const arenaAt = high + 0x1000_0000;
  // struct _heap_info of glibc: where its arena is.
  const arena = new ByteWriter(target.littleEndian).u64(arenaAt + 0x30).bytes(rng.bytes(PAGE - 8));
  const heapOfThread = { kind: 'heap', label: 'heap of a thread' } as const;
  const anonymous = { kind: 'memory', label: 'anonymous rw-' } as const;
  const loads: Load[] = [
    {
      address: base,
      content: imagePage(target, 2 * PAGE, buildId),
      flags: 5,
      kind: 'image',
      label: 'service r-x',
      memoryBytes: PAGE,
    },
    { address: base + PAGE, content: rng.bytes(PAGE), flags: 6, kind: 'image', label: 'service rw-' },
    // The heap's two halves are neighbours in memory.
    { address: heapAt, content: rng.bytes(PAGE), flags: 6, kind: 'heap', label: '[heap]' },
    {
      address: high,
      content: rng.bytes(2 * PAGE),
      flags: 6,
      kind: 'stack',
      label: `stack of thread ${second}`,
      thread: second,
    },
    {
      address: high + 0x10_0000,
      content: rng.bytes(PAGE + 24),
      flags: 6,
      kind: 'memory',
      label: 'anonymous rw-',
      memoryBytes: 2 * PAGE,
    },
    { address: arenaAt, content: arena.finish(), flags: 6, ...(target.bits === 64 ? heapOfThread : anonymous) },
    { address: high + 0x18_0000, content: rng.bytes(PAGE), flags: 4, kind: 'mapped', label: 'fonts.dat r--' },
    { address: high + 0x20_0000, content: rng.bytes(PAGE), flags: 5, kind: 'image', label: '[vdso]' },
    {
      address: stackEnd - stackBytes,
      content: stack.content,
      flags: 6,
      kind: 'stack',
      label: `stack of thread ${pid}`,
      thread: pid,
    },
    { address: heapAt + PAGE, content: rng.bytes(PAGE), flags: 6, kind: 'heap', label: '[heap]' },
  ];
  const files = [
    [base, base + PAGE, 0, '/opt/service'],
    [base + PAGE, base + 2 * PAGE, 1, '/opt/service'],
    [high + 0x18_0000, high + 0x18_1000, 0, '/usr/share/fonts.dat'],
    // Far from the rest of it: no part of the image.
    [high + 0x30_0000, high + 0x30_1000, 0, '/opt/service'],
  ] as const;
  const table = words(target, [files.length, PAGE, ...files.flatMap((file) => file.slice(0, 3) as number[])]);
  const paths = Buffer.from(files.map(([, , , path]) => `${path}\0`).join(''));
  const notes: Note[] = [
    status(target, pid, stackEnd - 3 * PAGE, 11),
    processInfo(target, pid, 'service'),
    { owner: 'CORE', type: 0x53494749, content: new ByteWriter(target.littleEndian).u32(11, 0, 1).to(128).finish() },
    { owner: 'CORE', type: 6, content: words(target, auxiliary.flat()) },
    { owner: 'CORE', type: 0x46494c45, content: Buffer.concat([table, paths]) },
    { owner: 'LINUX', type: 0x202, content: rng.bytes(64) },
    status(target, second, high + PAGE, 0),
  ];
  const written = write(target, notes, loads, options);
  return sampleOf(name, written, loads, {
    process: { name: 'service', pid },
    threads: [pid, second],
    split: (load, start) =>
      load.thread === pid
        ? [
            {
              start,
              end: start + stack.argumentsAt,
              kind: 'stack',
              label: load.label,
              thread: pid,
              address: BigInt(load.address),
            },
            {
              start: start + stack.argumentsAt,
              end: start + stack.environmentAt,
              kind: 'environment',
              label: 'command line',
            },
            { start: start + stack.environmentAt, end: start + stackBytes, kind: 'environment', label: 'environment' },
          ]
        : undefined,
  });
}

function sampleOf(
  name: string,
  { bytes, offsets, counts, headerBytes }: Written,
  loads: readonly Load[],
  rest: Pick<DumpSample, 'process' | 'threads'> & {
    readonly split?: (load: Load, start: number) => readonly Expected[] | undefined;
  },
): DumpSample {
  const { split, ...facts } = rest;
  const expected = loads.flatMap((load, i): readonly Expected[] => {
    const { kind, label, address, thread, content } = load;
    const start = offsets[i]!;
    const whole = { start, end: start + content.length, kind, label, address: BigInt(address) };
    return split?.(load, start) ?? [thread === undefined ? whole : { ...whole, thread }];
  });
  return { name, format: 'elf-core', bytes, expected, counts, headerBytes, ...facts };
}

function netbsdProcess(): DumpSample {
  const rng = createRng('elf-core NetBSD');
  const at = 0x7f7f_f770_0000;
  const info = new ByteWriter()
    .u32(1, 160, 11, 0)
    .zeros(64)
    .u32(693, 1, 1, 1)
    .zeros(24)
    .u32(1)
    .text('daemon', 32)
    .u32(1);
  const registers = new ByteWriter().u64(
    ...Array.from({ length: 26 }, (_, i) => (i === 24 ? at + 64 : i === 21 ? 0x40_0000 : i)),
  );
  const notes = [
    { owner: 'NetBSD-CORE', type: 1, content: info.finish() },
    { owner: 'NetBSD-CORE@3', type: 33, content: registers.finish() },
  ];
  const loads: Load[] = [
    { address: at, content: rng.bytes(PAGE), flags: 6, kind: 'stack', label: 'stack of thread 3', thread: 3 },
    { address: 0x60_0000, content: rng.bytes(PAGE), flags: 6, kind: 'memory', label: 'memory rw-' },
  ];
  const written = write(X86_64, notes, loads);
  return sampleOf('NetBSD, x86-64', written, loads, { process: { name: 'daemon', pid: 693 }, threads: [3] });
}

function freebsdProcess(): DumpSample {
  const rng = createRng('elf-core FreeBSD');
  const at = 0x7fff_dfff_b000;
  const state = new ByteWriter().u32(1, 0).u64(224, 176, 512).u32(1_400_000, 11, 100_123, 0);
  state.u64(...Array.from({ length: 22 }, (_, i) => (i === 20 ? at + 128 : i === 17 ? 0x20_1000 : i)));
  const info = new ByteWriter().u32(1, 0).u64(120).text('daemon', 17).text('daemon -f', 81).align(4).u32(881);
  const mapping = new ByteWriter()
    .u32(0, 0)
    .u64(0x20_0000, 0x20_1000, 0)
    .to(136)
    .text('/usr/local/bin/daemon\0')
    .align(8);
  mapping.patch32(0, mapping.at);
  const notes = [
    { owner: 'FreeBSD', type: 3, content: info.finish() },
    { owner: 'FreeBSD', type: 1, content: state.finish() },
    { owner: 'FreeBSD', type: 7, content: new ByteWriter().text('worker', 20).u32(0).finish() },
    { owner: 'FreeBSD', type: 10, content: new ByteWriter().u32(1088).bytes(mapping.finish()).finish() },
  ];
  const loads: Load[] = [
    { address: 0x20_0000, content: rng.bytes(PAGE), flags: 5, kind: 'image', label: 'daemon r-x' },
    {
      address: at,
      content: rng.bytes(PAGE),
      flags: 6,
      kind: 'stack',
      label: 'stack of thread 100123',
      thread: 100_123,
    },
  ];
  const written = write(X86_64, notes, loads);
  return sampleOf('FreeBSD, x86-64', written, loads, { process: { name: 'daemon', pid: 881 }, threads: [100_123] });
}

function qemuMachine(): DumpSample {
  const rng = createRng('elf-core QEMU');
  const memory = { flags: 0, kind: 'memory', label: 'physical memory' } as const;
  const loads: Load[] = [
    { ...memory, address: 0, content: rng.bytes(2 * PAGE) },
    { ...memory, address: 0x1_0000_0000, content: rng.bytes(PAGE) },
  ];
  const notes = [
    { owner: 'CORE', type: 1, content: new Uint8Array(336) },
    { owner: 'QEMU', type: 0, content: rng.bytes(432) },
    { owner: 'VMCOREINFO', type: 0, content: new Uint8Array(Buffer.from('OSRELEASE=6.1.0\nPAGESIZE=4096\n')) },
  ];
  return sampleOf('memory of a machine, by QEMU', write(X86_64, notes, loads, { physical: true }), loads, {});
}

function virtualBoxMachine(): DumpSample {
  const rng = createRng('elf-core VirtualBox');
  const loads: Load[] = [
    { address: 0, content: rng.bytes(2 * PAGE), flags: 0, kind: 'memory', label: 'physical memory' },
    { address: 0x10_0000, content: rng.bytes(PAGE), flags: 0, kind: 'memory', label: 'physical memory' },
    { address: 0x1_0000_0000, content: rng.bytes(PAGE), flags: 0, kind: 'memory', label: 'physical memory' },
  ];
  const notes = [
    { owner: 'VBCORE', type: 0xb00, content: rng.bytes(32) },
    { owner: 'VBCPU', type: 0xb01, content: rng.bytes(1024) },
  ];
  return sampleOf('memory of a machine, by VirtualBox', write(X86_64, notes, loads, { physical: true }), loads, {});
}

function openbsdProcess(): DumpSample {
  const rng = createRng('elf-core OpenBSD');
  const at = 0x7f7f_fffd_0000;
  const info = new ByteWriter().u32(1, 104, 11, 0, 0, 0, 0, 0, 5120, 1).zeros(32).text('daemon', 32);
  const registers = new ByteWriter().u64(...Array.from({ length: 24 }, (_, i) => (i === 15 ? at + 64 : i)));
  const notes = [
    { owner: 'OpenBSD', type: 10, content: info.finish() },
    { owner: 'OpenBSD@200300', type: 20, content: registers.finish() },
  ];
  const label = 'stack of thread 200300';
  const loads: Load[] = [{ address: at, content: rng.bytes(PAGE), flags: 6, kind: 'stack', label, thread: 200_300 }];
  const written = write(X86_64, notes, loads);
  return sampleOf('OpenBSD, x86-64', written, loads, { process: { name: 'daemon', pid: 5120 }, threads: [200_300] });
}

/** The file ends inside the last segment. */
function truncated(sample: DumpSample, bytes: number): DumpSample {
  return {
    ...sample,
    name: `${sample.name}, cut off`,
    bytes: sample.bytes.subarray(0, bytes),
    expected: sample.expected
      .filter(({ start }) => start < bytes)
      .map((region) => ({ ...region, end: Math.min(region.end, bytes) })),
  };
}

/** Segment 9 continues segment 2, the heap, in memory; here they are first and last. */
const APART = [9, 8, 7, 6, 5, 4, 3, 1, 0, 2];

export function samples(): readonly DumpSample[] {
  const plain = linuxProcess('Linux, x86-64', X86_64);
  return [
    plain,
    truncated(plain, plain.bytes.length - PAGE - 100),
    linuxProcess('Linux, x86-64, notes last, segments out of order', X86_64, { notesLast: true, order: APART }),
    linuxProcess('Linux, x86-64, count in a section header', X86_64, { extendedCount: true }),
    linuxProcess('Linux, AArch64', AARCH64),
    linuxProcess('Linux, x86', I386, { order: APART }),
    linuxProcess('Linux, s390x, big-endian', S390X),
    linuxProcess('Linux, PowerPC, big-endian, 32 bits', POWERPC, { extendedCount: true }),
    netbsdProcess(),
    freebsdProcess(),
    openbsdProcess(),
    qemuMachine(),
    virtualBoxMachine(),
  ];
}
