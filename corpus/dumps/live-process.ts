/**
 * Dumps a running Linux process to an ELF core from /proc/<pid>/smaps and /proc/<pid>/mem, as `gcore` does with
 * ptrace; nothing has to be installed. Takes what the kernel takes by default (core(5), coredump_filter 0x33):
 * anonymous and modified pages whole, and of unmodified files only the ELF header page.
 * Reading `mem` needs the rights of ptrace: the same user and, with Yama, an ancestor of the process.
 */
import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import {
  auxvNote,
  fileNote,
  layoutElfCore,
  type Machine,
  type Note,
  PAGE_BYTES,
  prpsinfoNote,
  prstatusNote,
  type Segment,
  type ThreadStatus,
} from './elf-core.ts';

interface Mapping {
  readonly start: number;
  readonly end: number;
  readonly permissions: string;
  readonly offset: number;
  readonly path: string;
  /** Bytes of it that no file holds: never written back or private copies. */
  readonly anonymousBytes: number;
}

const COPY_BYTES = 1 << 20;
const ZERO_PAGE = Buffer.alloc(PAGE_BYTES);

export function canDumpProcesses(): boolean {
  return existsSync('/proc/self/mem') && (process.arch === 'x64' || process.arch === 'arm64');
}

/** Stops the process, writes its core to `path` (sparse: zero pages are holes), and lets it run on. */
export function dumpProcess(pid: number, path: string): void {
  process.kill(pid, 'SIGSTOP');
  try {
    const mappings = readMappings(pid);
    const segments = mappings.map(toSegment);
    const layout = layoutElfCore(process.arch as Machine, readNotes(pid, mappings), segments);
    const file = openSync(path, 'w', 0o600);
    const memory = openSync(`/proc/${pid}/mem`, 'r');
    try {
      writeSync(file, layout.head, 0, layout.head.length, 0);
      ftruncateSync(file, layout.fileBytes);
      for (const [i, segment] of segments.entries()) copySegment(memory, file, segment, layout.offsets[i] ?? 0);
    } finally {
      closeSync(memory);
      closeSync(file);
    }
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

function readMappings(pid: number): readonly Mapping[] {
  const mappings: Mapping[] = [];
  let anonymousBytes = 0;
  // Backwards, because the figures of a mapping follow its line.
  for (const line of readFileSync(`/proc/${pid}/smaps`, 'latin1').split('\n').reverse()) {
    const figure = /^(?:Anonymous|Swap): +(\d+) kB/.exec(line);
    if (figure) anonymousBytes += Number(figure[1]) * 1024;
    const head = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) ([0-9a-f]+) \S+ \d+ *(.*)$/.exec(line);
    if (!head) continue;
    const [, start = '', end = '', permissions = '', offset = '', path = ''] = head;
    // Pages of the kernel, which it refuses to read or which lie above 2^53.
    if (permissions.startsWith('r') && !/^\[v(?:var|syscall|var_vclock)/.test(path)) {
      const [from, to, at] = [start, end, offset].map((text) => Number.parseInt(text, 16)) as [number, number, number];
      mappings.push({ start: from, end: to, permissions, offset: at, path, anonymousBytes });
    }
    anonymousBytes = 0;
  }
  return mappings.reverse();
}

function toSegment({ start, end, permissions, offset, path, anonymousBytes }: Mapping): Segment {
  const memoryBytes = end - start;
  const fromFile = path.startsWith('/') && !path.startsWith('/dev/zero') && !path.startsWith('/memfd:');
  const unmodified = fromFile && anonymousBytes === 0;
  const headerBytes = offset === 0 ? PAGE_BYTES : 0;
  return {
    address: start,
    memoryBytes,
    fileBytes: unmodified ? headerBytes : memoryBytes,
    read: true,
    write: permissions[1] === 'w',
    execute: permissions[2] === 'x',
  };
}

function readNotes(pid: number, mappings: readonly Mapping[]): readonly Note[] {
  const threads = readdirSync(`/proc/${pid}/task`).map((name) => readStatus(pid, Number(name)));
  const [main] = threads;
  const machine = process.arch as Machine;
  return [
    ...threads.map((stat) => prstatusNote(machine, stat)),
    prpsinfoNote({
      pid,
      parent: main?.parent ?? 0,
      name: main?.name ?? '',
      commandLine: readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trimEnd(),
    }),
    auxvNote(readFileSync(`/proc/${pid}/auxv`)),
    fileNote(mappings.filter(({ path }) => path.startsWith('/'))),
  ];
}

/** proc(5). The name may hold spaces and parentheses; the registers are unknown when the thread is running. */
function readStatus(pid: number, thread: number): ThreadStatus & { readonly name: string } {
  const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1');
  const nameEnd = stat.lastIndexOf(')');
  const [, parent = 0, group = 0, session = 0] = stat
    .slice(nameEnd + 2)
    .split(' ')
    .map(Number);
  const syscall = readFileSync(`/proc/${pid}/task/${thread}/syscall`, 'latin1').trim();
  const [, sp = '0', pc = '0'] = / (0x[0-9a-f]+) (0x[0-9a-f]+)$/.exec(syscall) ?? [];
  return {
    thread,
    name: stat.slice(stat.indexOf('(') + 1, nameEnd),
    parent,
    group,
    session,
    sp: BigInt(sp),
    pc: BigInt(pc),
  };
}

function copySegment(memory: number, file: number, segment: Segment, offset: number): void {
  const buffer = Buffer.alloc(COPY_BYTES);
  for (let done = 0; done < segment.fileBytes; done += COPY_BYTES) {
    const wanted = Math.min(COPY_BYTES, segment.fileBytes - done);
    const length = readMemory(memory, buffer.subarray(0, wanted), segment.address + done);
    writeWithoutZeroPages(file, buffer.subarray(0, length), offset + done);
  }
}

/** Pages can vanish or refuse to be read (device memory): they stay holes, as in a core of the kernel. */
function readMemory(memory: number, into: Buffer, address: number): number {
  try {
    return readSync(memory, into, 0, into.length, address);
  } catch {
    return 0;
  }
}

function writeWithoutZeroPages(file: number, bytes: Buffer, offset: number): void {
  let start = 0;
  for (let at = 0; at < bytes.length; at += PAGE_BYTES) {
    const page = bytes.subarray(at, at + PAGE_BYTES);
    if (!page.equals(ZERO_PAGE.subarray(0, page.length))) continue;
    if (at > start) writeSync(file, bytes, start, at - start, offset + start);
    start = at + page.length;
  }
  if (bytes.length > start) writeSync(file, bytes, start, bytes.length - start, offset + start);
}
