/**
 * Writes minidumps as Windows, breakpad, crashpad and lldb do: both byte orders, both memory lists, unaligned rvas, unused
 * and repeated streams, memory out of order. From minidumpapiset.h, winternl.h and the writers' documentation.
 */
import type { DumpSample } from '../dump-sample.ts';
import { ByteWriter } from '../encode/byte-writer.ts';
import { MinidumpFile, type Range } from '../encode/minidump-file.ts';
import { createRng, type Rng } from '../rng.ts';

interface Cpu {
  readonly architecture: number;
  readonly contextBytes: number;
  readonly width: 4 | 8;
  readonly sp: number;
  readonly pc: number;
}

const AMD64: Cpu = { architecture: 9, contextBytes: 1232, width: 8, sp: 0x98, pc: 0xf8 };
const X86: Cpu = { architecture: 0, contextBytes: 716, width: 4, sp: 0xc4, pc: 0xb8 };
const ARM64: Cpu = { architecture: 12, contextBytes: 912, width: 8, sp: 0x100, pc: 0x108 };
const ARM: Cpu = { architecture: 5, contextBytes: 368, width: 4, sp: 0x38, pc: 0x40 };
const POWERPC: Cpu = { architecture: 3, contextBytes: 824, width: 4, sp: 0x14, pc: 0x04 };

function context(cpu: Cpu, sp: number, littleEndian: boolean): Uint8Array {
  const out = new ByteWriter(littleEndian);
  const pointers = [
    { at: cpu.sp, value: sp },
    { at: cpu.pc, value: 0x40_1000 },
  ].sort((a, b) => a.at - b.at);
  for (const { at, value } of pointers) {
    out.to(at);
    if (cpu.width === 8) out.u64(value);
    else out.u32(value);
  }
  return out.to(cpu.contextBytes).finish();
}

interface Thread {
  readonly id: number;
  readonly teb?: number;
  readonly stack: Range;
  /** Where the stack lies; 0 where only Memory64List has it. */
  readonly stackRva: number;
}

const PAGE = 4096;

function systemInfo(file: MinidumpFile, cpu: Cpu, platform: number): void {
  const text = file.string('Service Pack 1');
  file.stream(7, (out) => out.u16(cpu.architecture, 6, 0).u8(4, 1).u32(10, 0, 19_045, platform, text).zeros(28));
}

function threadList(file: MinidumpFile, cpu: Cpu, threads: readonly Thread[], padded = false): void {
  const contexts = threads.map(({ id, stack }) => {
    const rva = file.blob(context(cpu, stack.address + 64, file.out.littleEndian));
    file.expected.push({
      start: rva,
      end: rva + cpu.contextBytes,
      kind: 'registers',
      label: `thread ${id}`,
      thread: id,
    });
    return rva;
  });
  const write = (out: ByteWriter): void => {
    out.u32(threads.length);
    if (padded) out.u32(0);
    for (const [i, { id, teb = 0, stack, stackRva }] of threads.entries()) {
      out.u32(id, 0, 32, 0).u64(teb, stack.address).u32(stack.content.length, stackRva);
      out.u32(cpu.contextBytes, contexts[i]!);
    }
  };
  file.stream(3, write, 4);
}

interface Module {
  readonly name: string;
  readonly address: number;
  readonly bytes: number;
  readonly record: Uint8Array;
}

function moduleList(file: MinidumpFile, modules: readonly Module[], padded = false): void {
  const places = modules.map(({ name, record }) => [file.string(name), file.blob(record)] as const);
  const write = (out: ByteWriter): void => {
    out.u32(modules.length);
    if (padded) out.u32(0);
    for (const [i, { address, bytes, record }] of modules.entries()) {
      const [nameRva, recordRva] = places[i]!;
      out.u64(address).u32(bytes, 0, 0, nameRva);
      out.u32(0xfeef04bd, 0x10000, 0x000a0001, 0x4a650002).zeros(36);
      out.u32(record.length, recordRva, 0, 0).zeros(16);
    }
  };
  file.stream(4, write, 4);
}

function codeView(rng: Rng, littleEndian: boolean): Uint8Array {
  const out = new ByteWriter(littleEndian).u32(0x53445352).bytes(rng.bytes(16)).u32(3);
  return out.text('service.pdb\0').finish();
}

/** The same memory of a Windows process, by the width of its pointers. */
function windowsMemory(rng: Rng, width: 4 | 8) {
  const wide = width === 8;
  const [teb, peb, parameters, environment, heap] = [0x7f_0000, 0x7e_0000, 0x1_0000, 0x2_0000, 0x50_0000];
  const image = wide ? 0x1_4000_0000 : 0x40_0000;
  const stack = 0x30_0000;
  const pointer = (out: ByteWriter, value: number): ByteWriter => (wide ? out.u64(value) : out.u32(value));
  const tebBlock = pointer(new ByteWriter(), 0);
  pointer(pointer(tebBlock, stack + 4 * PAGE), stack);
  pointer(tebBlock.to(wide ? 0x60 : 0x30), peb).to(PAGE);
  const pebBlock = pointer(new ByteWriter().to(wide ? 0x20 : 0x10), parameters);
  pointer(pebBlock.to(wide ? 0x30 : 0x18), heap);
  pointer(pebBlock.to(wide ? 0xe8 : 0x88).u32(1, 16), peb + 0x800);
  pointer(pebBlock.to(0x800), heap).to(PAGE);
  const commandLine = 'service.exe --port 8080';
  const variables = new ByteWriter().utf16('PATH=C:\\Windows\0STAGE=test\0\0').finish();
  const block = new ByteWriter().to(wide ? 0x70 : 0x40).u16(commandLine.length * 2, commandLine.length * 2 + 2);
  if (wide) block.u32(0);
  pointer(block, parameters + 0x800);
  pointer(block.to(wide ? 0x80 : 0x48), environment);
  pointer(block.to(wide ? 0x3f0 : 0x290), variables.length)
    .to(0x800)
    .utf16(commandLine)
    .to(PAGE);
  const header = new ByteWriter()
    .text('MZ')
    .to(60)
    .u32(128)
    .to(128)
    .text('PE\0\0')
    .u16(0x8664, 2)
    .zeros(12)
    .u16(112, 0x22);
  header.zeros(112);
  for (const [i, name] of ['.text', '.data'].entries()) {
    header
      .text(name, 8)
      .u32(PAGE - 16, (i + 1) * PAGE, PAGE, 0, 0, 0)
      .u16(0, 0)
      .u32(0);
  }
  const own = (address: number, content: Uint8Array): Range => ({
    address,
    content,
    kind: 'heap',
    label: 'private memory rw-',
  });
  const environmentPage = new ByteWriter().bytes(variables).bytes(rng.bytes(100)).finish();
  const ranges: Range[] = [
    {
      ...own(parameters, block.finish()),
      parts: [{ at: 0x800, bytes: commandLine.length * 2, kind: 'environment', label: 'command line' }],
    },
    {
      ...own(environment, environmentPage),
      parts: [{ at: 0, bytes: variables.length, kind: 'environment', label: 'environment' }],
    },
    { address: stack, content: rng.bytes(4 * PAGE), kind: 'stack', label: 'stack of thread 100', thread: 100 },
    { ...own(heap, rng.bytes(2 * PAGE + 8)), label: 'heap' },
    own(peb, pebBlock.finish()),
    own(teb, tebBlock.finish()),
    { address: image, content: header.to(PAGE).finish(), kind: 'image', label: 'service.exe' },
    { address: image + PAGE, content: rng.bytes(PAGE), kind: 'image', label: 'service.exe .text' },
    { address: image + 2 * PAGE, content: rng.bytes(PAGE), kind: 'image', label: 'service.exe .data' },
  ];
  return { ranges, image, teb, stack: ranges[2]! };
}

function memoryInfo(file: MinidumpFile, ranges: readonly Range[]): void {
  const write = (out: ByteWriter): void => {
    out.u32(16, 48).u64(ranges.length);
    for (const { address, kind } of ranges) {
      const size = 3 * PAGE;
      out
        .u64(address, address)
        .u32(4, 0)
        .u64(kind === 'heap' ? size : PAGE);
      out.u32(0x1000, 4, kind === 'image' ? 0x1000000 : 0x20000, 0);
    }
  };
  file.stream(16, write, 8, 8);
}

/** Everything that dbghelp writes with MiniDumpWithFullMemory, handles and more. */
function windowsFull(name: string, cut = 0): DumpSample {
  const rng = createRng(`minidump ${name}`);
  const file = new MinidumpFile(13);
  const { ranges, image, teb, stack } = windowsMemory(rng, 8);
  systemInfo(file, AMD64, 2);
  // What is left of an rva above 4 GiB.
  threadList(file, AMD64, [{ id: 100, teb, stack, stackRva: 64 }]);
  moduleList(file, [
    { name: 'C:\\service\\service.exe', address: image, bytes: 3 * PAGE, record: codeView(rng, true) },
  ]);
  memoryInfo(file, ranges);
  file.stream(15, (out) => out.u32(24, 1 | 2, 4321, 1_690_000_000, 7, 3));
  const threadName = file.string('signer');
  file.stream(24, (out) => out.u32(1, 100).u64(threadName), 4);
  const names = [file.string('File'), file.string('\\Device\\HarddiskVolume3\\service\\config.json')] as const;
  file.expected.push({ start: names[1], end: names[1] + 8, kind: 'stream', label: 'HandleData object name' });
  file.stream(
    12,
    (out) =>
      out
        .u32(16, 32, 1, 0)
        .u64(0x44)
        .u32(...names, 0, 0, 1, 1),
    4,
    8,
  );
  const unloaded = file.string('C:\\Windows\\System32\\old.dll');
  file.stream(14, (out) => out.u32(12, 24, 1).u64(0x7000_0000).u32(PAGE, 0, 0, unloaded), 4, 8);
  file.stream(17, (out) => out.u32(12, 64, 1, 100).zeros(60), 4, 8);
  file.opaque(10, Buffer.from('written by hand\0'), 'CommentA');
  file.opaque(11, new ByteWriter().utf16('written by hand\0').finish(), 'CommentW');
  const crash = file.blob(context(AMD64, stack.address + 128, true));
  file.expected.push({ start: crash, end: crash + 1232, kind: 'registers', label: 'at the exception', thread: 100 });
  file.stream(6, (out) => out.u32(100, 0, 0xc0000005, 0).u64(0, 0x40_1000).u32(2, 0).zeros(120).u32(1232, crash));
  const table = file.place();
  const dataAt = table + 16 + ranges.length * 16;
  file.stream(
    9,
    (out) => {
      out.u64(ranges.length, dataAt);
      for (const { address, content } of ranges) out.u64(address, content.length);
    },
    8,
  );
  for (const range of ranges) {
    const at = file.out.at;
    file.out.bytes(range.content);
    file.expectRange(at, range);
  }
  const sample = file.finish(name, { process: { name: 'service.exe', pid: 4321 }, threads: [100] });
  if (cut === 0) return sample;
  const end = sample.bytes.length - cut;
  return {
    ...sample,
    bytes: sample.bytes.subarray(0, end),
    expected: sample.expected
      .filter(({ start }) => start < end)
      .map((region) => ({ ...region, end: Math.min(region.end, end) })),
  };
}

/** Ranges stored from last to first: what are neighbours in memory is apart in the file. */
function memoryList(file: MinidumpFile, ranges: readonly Range[]): void {
  const places = [...ranges].reverse().map((range) => {
    const rva = file.blob(range.content);
    file.expectRange(rva, range);
    return { range, rva };
  });
  const write = (out: ByteWriter): void => {
    out.u32(places.length);
    for (const { range, rva } of places) out.u64(range.address).u32(range.content.length, rva);
  };
  file.stream(5, write, 4);
}

function windows32(): DumpSample {
  const rng = createRng('minidump x86');
  const file = new MinidumpFile(6, { unaligned: true });
  const { ranges, image, teb, stack } = windowsMemory(rng, 4);
  const stackRva = file.blob(stack.content);
  file.expectRange(stackRva, stack);
  systemInfo(file, X86, 2);
  threadList(file, X86, [{ id: 100, teb, stack, stackRva }]);
  moduleList(file, [
    { name: 'C:\\service\\service.exe', address: image, bytes: 3 * PAGE, record: codeView(rng, true) },
  ]);
  memoryInfo(file, ranges);
  // The stack is in the thread's record alone.
  memoryList(
    file,
    ranges.filter((range) => range !== stack),
  );
  file.unused();
  return file.finish('Windows, x86, unaligned, memory out of order', {
    process: { name: 'service.exe' },
    threads: [100],
  });
}

/** The stack of a new Linux process: junk, pointers, auxiliary vector, strings. */
function linuxStack(rng: Rng, width: 4 | 8, end: number, littleEndian: boolean) {
  const bytes = 2 * PAGE;
  const [base, stringsAt] = [end - bytes, bytes - 256];
  const strings = ['service', '--port=8080', 'HOME=/root', 'STAGE=test', '/opt/service'];
  const text = new ByteWriter();
  const pointers = strings.map((value) => {
    const at = base + stringsAt + text.at;
    text.text(`${value}\0`);
    return at;
  });
  const auxiliary = [
    33,
    0x7fff_1000,
    16,
    0x178b_fbff,
    6,
    PAGE,
    17,
    100,
    25,
    base + stringsAt - 32,
    31,
    pointers[4]!,
    0,
    0,
  ];
  const words = (values: readonly number[]): Uint8Array => {
    const out = new ByteWriter(littleEndian);
    return (width === 8 ? out.u64(...values) : out.u32(...values)).finish();
  };
  const block = words([2, pointers[0]!, pointers[1]!, 0, pointers[2]!, pointers[3]!, 0, ...auxiliary]);
  const blockAt = Math.floor((stringsAt - 64 - block.length) / 16) * 16;
  const content = new ByteWriter().bytes(rng.bytes(blockAt)).bytes(block).to(stringsAt).bytes(text.finish()).to(bytes);
  const environmentAt = pointers[2]! - base;
  const parts = [
    { at: stringsAt, bytes: environmentAt - stringsAt, kind: 'environment', label: 'command line' },
    { at: environmentAt, bytes: bytes - environmentAt, kind: 'environment', label: 'environment' },
  ] as const;
  return { range: { address: base, content: content.finish(), parts }, auxiliary: words(auxiliary) };
}

function linuxBreakpad(): DumpSample {
  const rng = createRng('minidump breakpad');
  const file = new MinidumpFile(17);
  const end = 0x7fff_8000_0000;
  const { range, auxiliary } = linuxStack(rng, 8, end, true);
  const main: Range = { ...range, kind: 'stack', label: 'stack of thread 77', thread: 77 };
  const second: Range = {
    address: 0x7ff0_0000_0000,
    content: rng.bytes(PAGE),
    kind: 'stack',
    label: 'stack of thread 78',
    thread: 78,
  };
  const heap: Range = { address: 0x55aa_0000_0000, content: rng.bytes(512), kind: 'heap', label: '[heap]' };
  const code: Range = { address: 0x40_0000, content: rng.bytes(256), kind: 'image', label: 'service' };
  const [mainRva, secondRva] = [file.blob(main.content), file.blob(second.content)];
  file.expectRange(mainRva, main);
  file.expectRange(secondRva, second);
  systemInfo(file, AMD64, 0x8201);
  threadList(file, AMD64, [
    { id: 77, stack: main, stackRva: mainRva },
    { id: 78, stack: second, stackRva: secondRva },
  ]);
  const record = new ByteWriter().u32(0x4270454c).bytes(rng.bytes(20)).finish();
  moduleList(file, [{ name: '/opt/service', address: code.address, bytes: 4 * PAGE, record }]);
  const rvas = [heap, code].map((each) => file.blob(each.content));
  file.expectRange(rvas[0]!, heap);
  file.expectRange(rvas[1]!, code);
  // The stack of the first thread once more, at the same place.
  const write = (out: ByteWriter): void => {
    out.u32(3).u64(heap.address).u32(512, rvas[0]!).u64(code.address).u32(256, rvas[1]!);
    out.u64(main.address).u32(main.content.length, mainRva);
  };
  file.stream(5, write, 4);
  const crash = file.blob(context(AMD64, second.address + 64, true));
  file.stream(6, (out) => out.u32(78, 0, 11, 1).u64(0, 0).u32(0, 0).zeros(120).u32(1232, crash));
  file.stream(0x47670001, (out) => out.u32(3, 78, 77));
  const maps = [
    '00400000-00404000 r-xp 00000000 08:01 123                                /opt/service',
    '55aa00000000-55aa00021000 rw-p 00000000 00:00 0                          [heap]',
    '7ff000000000-7ff000800000 rw-p 00000000 00:00 0 ',
    `${(end - 0x21000).toString(16)}-${end.toString(16)} rw-p 00000000 00:00 0                  [stack]`,
  ];
  file.opaque(0x47670003, Buffer.from('processor : 0\n'), 'LinuxCpuInfo');
  file.opaque(0x47670004, Buffer.from('Name:\tservice\nState:\tR\nTgid:\t77\nPid:\t77\n'), 'LinuxProcStatus');
  file.opaque(0x47670005, Buffer.from('ID=debian\n'), 'LinuxLsbRelease');
  file.opaque(0x47670006, Buffer.from('service\0--port=8080\0'), 'LinuxCmdLine', 'environment');
  file.opaque(0x47670007, Buffer.from('HOME=/root\0STAGE=test\0'), 'LinuxEnviron', 'environment');
  file.opaque(0x47670008, auxiliary, 'LinuxAuxv');
  file.opaque(0x47670009, Buffer.from(`${maps.join('\n')}\n`), 'LinuxMaps');
  file.opaque(0x4767000a, rng.bytes(32), 'LinuxDsoDebug');
  file.opaque(0x47670002, new Uint8Array(776), 'AssertionInfo');
  file.opaque(0x4d7a0003, Buffer.from('Limit Soft Hard\n'), 'MozLinuxLimits');
  file.opaque(0x12345678, rng.bytes(40), 'stream 0x12345678');
  return file.finish('Linux, x86-64, by breakpad', { process: { name: 'service', pid: 77 }, threads: [77, 78] });
}

/** Counts followed by four bytes of padding, annotations of the process and of a module. */
function crashpad(): DumpSample {
  const rng = createRng('minidump crashpad');
  const file = new MinidumpFile(6);
  const stack: Range = {
    address: 0x7fff_0000_0000,
    content: rng.bytes(PAGE),
    kind: 'stack',
    label: 'stack of thread 9',
    thread: 9,
  };
  systemInfo(file, ARM64, 0x8203);
  const stackRva = file.blob(stack.content);
  file.expectRange(stackRva, stack);
  threadList(file, ARM64, [{ id: 9, stack, stackRva }], true);
  const record = new ByteWriter().u32(0x4270454c).bytes(rng.bytes(16)).finish();
  moduleList(file, [{ name: '/system/lib64/libservice.so', address: 0x7000_0000, bytes: PAGE, record }], true);
  const utf8 = (text: string): number => {
    const rva = file.place();
    file.out.u32(text.length).text(`${text}\0`);
    return rva;
  };
  const annotated = (key: string, value: string): readonly [number, number] => {
    const pair = [utf8(key), utf8(value)] as const;
    file.expected.push({ start: pair[1], end: pair[1] + 4 + value.length, kind: 'stream', label: `annotation ${key}` });
    return pair;
  };
  const pairs = [annotated('prod', 'service'), annotated('url', 'https://example.org/')];
  const object = annotated('last-request', 'GET /index.html');
  const listed = utf8('a line of a list');
  const dictionary = file.place();
  file.counts.push({ at: dictionary, bytes: 4 });
  file.out.u32(pairs.length, ...pairs.flat());
  const list = file.place();
  file.out.u32(1, listed);
  const objects = file.place();
  file.counts.push({ at: objects, bytes: 4 });
  file.out.u32(1, object[0]).u16(1, 0).u32(object[1]);
  const module = file.place();
  file.out.u32(1, 8, list, 0, 0, 16, objects);
  const modules = file.place();
  file.out.u32(1, 0, 28, module);
  file.stream(0x43500001, (out) => out.u32(1).bytes(rng.bytes(32)).u32(20, dictionary, 16, modules, 0).u64(0));
  file.stream(15, (out) => out.u32(24, 1, 9, 0, 0, 0));
  file.opaque(0x4b6b0002, rng.bytes(12), 'ChromiumStability');
  return file.finish('Android, ARM64, by crashpad', { process: { name: 'libservice.so', pid: 9 }, threads: [9] });
}

/** One exception stream for each stopped thread, two memory lists, unaligned, with unused entries. */
function lldb(): DumpSample {
  const rng = createRng('minidump lldb');
  const file = new MinidumpFile(9, { unaligned: true });
  const stacks = [21, 22].map((id): Range => {
    const address = 0xb000_0000 + id * 0x10_0000;
    return { address, content: rng.bytes(600), kind: 'stack', label: `stack of thread ${id}`, thread: id };
  });
  systemInfo(file, ARM, 0x8201);
  file.unused();
  const threads = stacks.map((stack): Thread => {
    const stackRva = file.blob(stack.content);
    file.expectRange(stackRva, stack);
    return { id: stack.thread!, stack, stackRva };
  });
  threadList(file, ARM, threads);
  for (const stack of stacks) {
    const at = file.blob(context(ARM, stack.address + 64, true));
    file.expected.push({
      start: at,
      end: at + 368,
      kind: 'registers',
      label: 'at the exception',
      thread: stack.thread!,
    });
    file.stream(6, (out) =>
      out
        .u32(stack.thread!, 0, stack.thread === 22 ? 11 : 19, 0)
        .u64(0, 0)
        .u32(0, 0)
        .zeros(120)
        .u32(368, at),
    );
  }
  memoryList(file, [{ address: 0x10_0000, content: rng.bytes(300), kind: 'memory', label: 'memory' }]);
  memoryList(file, [
    { address: 0x20_0000, content: rng.bytes(333), kind: 'memory', label: 'memory' },
    { address: 0x20_0000 + 333, content: rng.bytes(100), kind: 'memory', label: 'memory' },
  ]);
  file.opaque(0x4767000b, Buffer.from('21 (service) T 1 21\n'), 'LinuxProcStat');
  file.unused();
  return file.finish('Linux, ARM, by lldb: streams repeated and unused', { threads: [21, 22] });
}

function bigEndian(): DumpSample {
  const rng = createRng('minidump big-endian');
  const file = new MinidumpFile(5, { littleEndian: false });
  const stack: Range = {
    address: 0xbfff_0000,
    content: rng.bytes(PAGE),
    kind: 'stack',
    label: 'stack of thread 5',
    thread: 5,
  };
  systemInfo(file, POWERPC, 0x8101);
  const stackRva = file.blob(stack.content);
  file.expectRange(stackRva, stack);
  threadList(file, POWERPC, [{ id: 5, stack, stackRva }]);
  moduleList(file, [{ name: '/bin/service', address: 0x1000, bytes: PAGE, record: codeView(rng, false) }]);
  memoryList(file, [{ address: 0x1800, content: rng.bytes(64), kind: 'image', label: 'service' }]);
  file.stream(15, (out) => out.u32(24, 1, 5, 0, 0, 0));
  return file.finish('macOS, PowerPC, big-endian', { process: { name: 'service', pid: 5 }, threads: [5] });
}

export function samples(): readonly DumpSample[] {
  return [
    windowsFull('Windows, x86-64, full memory'),
    windowsFull('Windows, x86-64, full memory, cut off', 3 * PAGE + 10),
    windows32(),
    linuxBreakpad(),
    crashpad(),
    lldb(),
    bigEndian(),
  ];
}
