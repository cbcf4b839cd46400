/**
 * Notes of ELF cores: threads, process, mapped files, auxiliary vector (core(5), elf(5); FreeBSD, NetBSD and OpenBSD
 * core(5); QEMU and VirtualBox sources). Traps: names are not always there, nor is the note segment always first or
 * whole; FreeBSD numbers its notes as Linux does, with other contents.
 */
import { Fields } from '../../bytes/fields.ts';
import type { InputReader } from '../../bytes/random-reader.ts';
import type { LayoutThread } from '../../model/format.ts';
import type { RegionKind } from '../../model/place.ts';
import type { GapList } from '../layout/gaps.ts';
import { MAX_RANGES } from '../layout/memory.ts';
import { type Claim, RANK } from '../layout/regions.ts';
import {
  bsdRegisters,
  freebsdRegisters,
  isCrash,
  linuxRegisters,
  type RegisterLayout,
  signalName,
} from './machines.ts';

export interface MappedFile {
  readonly start: bigint;
  readonly end: bigint;
  /** Offset in the mapped file, in bytes. */
  readonly offset: bigint;
  readonly path: string;
}

/** What the notes say; filled by `readNotes`. */
export interface CoreNotes {
  readonly claims: Claim[];
  readonly threads: LayoutThread[];
  readonly files: MappedFile[];
  readonly facts: { name: string; value: string }[];
  process: { name?: string; pid?: number };
  auxiliary?: Fields;
  system?: string;
  /** Addresses are those of a machine's memory. */
  physical: boolean;
  /** Notes read so far: segments may overlap. */
  count: number;
}

export interface NoteContext {
  readonly reader: InputReader;
  readonly gaps: GapList;
  readonly littleEndian: boolean;
  readonly machine: number;
  readonly bits: 32 | 64;
}

interface Note {
  readonly owner: string;
  readonly type: number;
  /** The descriptor in the file. */
  readonly at: number;
  readonly size: number;
}

/** Five a thread, and the kernel's limit of threads is 4 million; processes with more than 50,000 are not seen. */
const MAX_NOTES = 262_144;
const MAX_FILES = MAX_RANGES;
/** Linux refuses file notes above 4 MiB, then above 64 bytes a mapping. */
const MAX_FILE_NOTE_BYTES = 32 << 20;
const MAX_NAME_BYTES = 256;

const NT_PRSTATUS = 1;
const NT_PRPSINFO = 3;
const NT_AUXV = 6;
const NT_SIGINFO = 0x53494749;
const NT_FILE = 0x46494c45;
/** FreeBSD, sys/elf_common.h. */
const NT_THRMISC = 7;
const NT_PROCSTAT_VMMAP = 10;
const NT_PROCSTAT_AUXV = 16;
/** NetBSD, sys/exec_elf.h; OpenBSD, sys/exec_elf.h. */
const NETBSD_PROCINFO = 1;
const NETBSD_AUXV = 2;
const NETBSD_REGISTERS: Readonly<Record<number, number>> = { 62: 33, 183: 32 };
const OPENBSD_PROCINFO = 10;
const OPENBSD_AUXV = 11;
const OPENBSD_REGISTERS = 20;

/** Names of types, for people: what is registers is said by the kind. */
const COMMON_TYPES: Readonly<Record<number, string>> = {
  1: 'NT_PRSTATUS',
  2: 'NT_FPREGSET',
  3: 'NT_PRPSINFO',
  4: 'NT_TASKSTRUCT',
  6: 'NT_AUXV',
  [NT_SIGINFO]: 'NT_SIGINFO',
  [NT_FILE]: 'NT_FILE',
  [0x46e62b7f]: 'NT_PRXFPREG',
};
const LINUX_TYPES: Readonly<Record<number, string>> = {
  [0x100]: 'NT_PPC_VMX',
  [0x102]: 'NT_PPC_VSX',
  [0x200]: 'NT_386_TLS',
  [0x202]: 'NT_X86_XSTATE',
  [0x300]: 'NT_S390_HIGH_GPRS',
  [0x400]: 'NT_ARM_VFP',
  [0x401]: 'NT_ARM_TLS',
  [0x402]: 'NT_ARM_HW_BREAK',
  [0x403]: 'NT_ARM_HW_WATCH',
  [0x405]: 'NT_ARM_SVE',
  [0x406]: 'NT_ARM_PAC_MASK',
  [0x407]: 'NT_ARM_PACA_KEYS',
  [0x408]: 'NT_ARM_PACG_KEYS',
  [0x700]: 'NT_VMCOREDD',
};

export function createNotes(): CoreNotes {
  return { claims: [], threads: [], files: [], facts: [], process: {}, physical: false, count: 0 };
}

/** Reads one note segment, `size` bytes at `start`, into `notes`. */
export async function readNotes(notes: CoreNotes, context: NoteContext, start: number, size: number): Promise<void> {
  const { reader, gaps, littleEndian } = context;
  const end = Math.min(start + size, reader.size);
  let thread: number | undefined;
  let at = start;
  while (at + 12 <= end) {
    const count = notes.count++;
    if (count >= MAX_NOTES) {
      gaps.add({ code: 'over-budget', span: { start: at, end }, detail: 'elf.notes' });
      return;
    }
    const head = new Fields(await reader.read(at, 12), littleEndian);
    if (!head.has(0, 12)) return;
    const [nameBytes, bytes, type] = [head.u32(0), head.u32(4), head.u32(8)];
    const descriptorAt = at + 12 + roundUp4(nameBytes);
    const next = descriptorAt + roundUp4(bytes);
    if (descriptorAt > end) {
      gaps.add({ code: 'format-error', span: { start: at, end }, detail: `elf.note[${count}].namesz` });
      return;
    }
    if (descriptorAt + bytes > end) {
      gaps.add({ code: 'format-error', span: { start: at, end }, detail: `elf.note[${count}].descsz` });
    }
    const name = new Fields(await reader.read(at + 12, Math.min(nameBytes, MAX_NAME_BYTES)), littleEndian);
    const note = { owner: name.text(0, nameBytes), type, at: descriptorAt, size: Math.min(bytes, end - descriptorAt) };
    thread = await readNote(notes, context, note, thread);
    at = next;
  }
}

function roundUp4(value: number): number {
  return Math.ceil(value / 4) * 4;
}

/** Returns the thread that the notes after this one belong to. */
async function readNote(
  notes: CoreNotes,
  context: NoteContext,
  note: Note,
  thread: number | undefined,
): Promise<number | undefined> {
  const [system = '', lwp] = note.owner.split('@');
  const claim = (kind: RegionKind, label: string, of?: number): void => {
    const owned = of === undefined ? { label } : { label: `${label} of thread ${of}`, thread: of };
    notes.claims.push({ start: note.at, end: note.at + note.size, kind, rank: RANK.part, ...owned });
  };
  switch (system) {
    case 'NetBSD-CORE':
    case 'OpenBSD':
      return readBsdNote(notes, context, note, lwp, claim);
    case 'FreeBSD':
      return readFreebsdNote(notes, context, note, thread, claim);
    case 'QEMU':
      notes.physical = true;
      claim('registers', 'QEMU CPU state');
      return thread;
    case 'VBCORE':
    case 'VBCPU':
      notes.physical = true;
      notes.system = 'VirtualBox';
      claim(system === 'VBCPU' ? 'registers' : 'stream', system === 'VBCPU' ? 'VirtualBox CPU' : 'VirtualBox core');
      return thread;
    case 'VMCOREINFO':
      notes.physical = true;
      claim('stream', 'VMCOREINFO');
      return thread;
    case 'CORE':
    case 'LINUX':
    case '': // lldb's samples have cores whose notes have no name
      return readLinuxNote(notes, context, note, thread, claim);
    default:
      claim('stream', `note ${system} 0x${note.type.toString(16)}`);
      return thread;
  }
}

type ClaimNote = (kind: RegionKind, label: string, thread?: number) => void;

async function readLinuxNote(
  notes: CoreNotes,
  context: NoteContext,
  note: Note,
  thread: number | undefined,
  claim: ClaimNote,
): Promise<number | undefined> {
  const { littleEndian, machine, bits, reader } = context;
  const name =
    (note.owner === 'LINUX' ? LINUX_TYPES[note.type] : undefined) ??
    COMMON_TYPES[note.type] ??
    `note ${note.owner} 0x${note.type.toString(16)}`;
  if (note.owner === 'LINUX') {
    notes.system ??= 'Linux';
    // From there on they are dumps of devices.
    const ofThread = note.type < 0x700 || name === 'NT_PRXFPREG';
    claim(ofThread ? 'registers' : 'stream', name, ofThread ? thread : undefined);
    return thread;
  }
  const read = async (limit: number): Promise<Fields> =>
    new Fields(await reader.read(note.at, Math.min(note.size, limit)), littleEndian);
  switch (note.type) {
    case NT_PRSTATUS: {
      const fields = await read(1024);
      const registers = linuxRegisters(machine, bits, note.size);
      const id = fields.u32(registers?.threadAt ?? (bits === 64 ? 32 : 24));
      addThread(notes, id, fields, registers, isCrash(fields.u16(12)) && notes.threads.length === 0);
      claim('registers', name, id);
      return id;
    }
    case NT_PRPSINFO: {
      const fields = await read(136);
      // Older ABIs have 16-bit user ids, 32-bit ones smaller flags: the size tells.
      const [pidAt, nameAt] = bits === 64 ? [24, 40] : note.size >= 128 ? [16, 32] : [12, 28];
      notes.process = { name: fields.text(nameAt, 16), pid: fields.u32(pidAt) };
      claim('environment', 'NT_PRPSINFO (command line)');
      return thread;
    }
    case NT_AUXV:
      notes.auxiliary = await read(4096);
      claim('stream', name);
      return thread;
    case NT_SIGINFO: {
      const fields = await read(128);
      const signal = fields.u32(0);
      // One a thread; the first is the crash.
      if (signal > 0 && !notes.facts.some(({ name }) => name === 'signal')) {
        const address = fields.word(bits === 64 ? 16 : 12, bits / 8);
        const where = isCrash(signal) && signal !== 6 ? `, address 0x${address.toString(16)}` : '';
        notes.facts.push({ name: 'signal', value: `${signalName(signal)}${where}` });
      }
      claim('stream', 'NT_SIGINFO', thread);
      return thread;
    }
    case NT_FILE:
      await readFileNote(notes, context, note);
      notes.system ??= 'Linux';
      claim('stream', name);
      return thread;
    default:
      claim(note.type === 2 ? 'registers' : 'stream', name, note.type === 2 ? thread : undefined);
      return thread;
  }
}

function addThread(
  notes: CoreNotes,
  id: number,
  fields: Fields,
  registers: RegisterLayout | undefined,
  crashed: boolean,
): void {
  const at = (index: number | undefined): bigint | undefined => {
    if (!registers || index === undefined) return undefined;
    const place = registers.registersAt + index * registers.width;
    return fields.has(place, registers.width) ? fields.word(place, registers.width) : undefined;
  };
  const [stackPointer, instructionPointer] = [at(registers?.sp), at(registers?.pc)];
  notes.threads.push({
    id,
    ...(stackPointer === undefined ? {} : { stackPointer }),
    ...(instructionPointer === undefined ? {} : { instructionPointer }),
    ...(crashed ? { crashed } : {}),
  });
}

/** count, page size, then start, end and offset in pages of each mapping, then the paths. */
async function readFileNote(notes: CoreNotes, context: NoteContext, note: Note): Promise<void> {
  const { littleEndian, bits, reader, gaps } = context;
  const width = bits / 8;
  const bytes = await reader.read(note.at, Math.min(note.size, MAX_FILE_NOTE_BYTES));
  const table = new Fields(bytes, littleEndian);
  const count = Number(table.word(0, width));
  const pageBytes = table.word(width, width);
  const fits = Math.floor((bytes.length - 2 * width) / (3 * width + 1));
  if (count > fits) gaps.add({ code: 'format-error', detail: 'elf.note.file.count' });
  const entries = Math.min(count, Math.max(fits, 0), MAX_FILES - notes.files.length);
  let pathAt = 2 * width + count * 3 * width;
  for (let i = 0; i < entries && pathAt < bytes.length; i++) {
    const at = 2 * width + i * 3 * width;
    const pathEnd = bytes.indexOf(0, pathAt);
    const path = table.text(pathAt, Math.min(pathEnd < 0 ? bytes.length : pathEnd, pathAt + 4096) - pathAt);
    notes.files.push({
      start: table.word(at, width),
      end: table.word(at + width, width),
      offset: BigInt.asUintN(64, table.word(at + 2 * width, width) * pageBytes),
      path,
    });
    if (pathEnd < 0) break;
    pathAt = pathEnd + 1;
  }
}

/** struct prstatus, prpsinfo and thrmisc of sys/procfs.h; the table of mappings is of kinfo_vmentry, sys/user.h. */
async function readFreebsdNote(
  notes: CoreNotes,
  context: NoteContext,
  note: Note,
  thread: number | undefined,
  claim: ClaimNote,
): Promise<number | undefined> {
  const { reader, littleEndian, machine, bits } = context;
  notes.system = 'FreeBSD';
  const read = async (limit: number): Promise<Fields> =>
    new Fields(await reader.read(note.at, Math.min(note.size, limit)), littleEndian);
  switch (note.type) {
    case NT_PRSTATUS: {
      const fields = await read(1024);
      const id = fields.u32(bits === 64 ? 40 : 24);
      const crashed = isCrash(fields.u32(bits === 64 ? 36 : 20)) && notes.threads.length === 0;
      addThread(notes, id, fields, freebsdRegisters(machine, bits), crashed);
      claim('registers', 'NT_PRSTATUS', id);
      return id;
    }
    case NT_PRPSINFO: {
      const fields = await read(128);
      const [nameAt, pidAt] = bits === 64 ? [16, 116] : [8, 108];
      const pid = fields.has(pidAt, 4) ? { pid: fields.u32(pidAt) } : {};
      notes.process = { ...notes.process, name: fields.text(nameAt, 17), ...pid };
      claim('environment', 'NT_PRPSINFO (command line)');
      return thread;
    }
    case NT_THRMISC: {
      const name = (await read(24)).text(0, 20);
      const last = notes.threads.pop();
      if (last) notes.threads.push(name === '' ? last : { ...last, name });
      claim('stream', 'NT_THRMISC', thread);
      return thread;
    }
    case NT_PROCSTAT_VMMAP:
      readMappings(notes, await read(MAX_FILE_NOTE_BYTES), bits);
      claim('stream', 'NT_PROCSTAT_VMMAP');
      return thread;
    case NT_PROCSTAT_AUXV:
      // The size of an entry comes first.
      notes.auxiliary = new Fields((await read(4096)).bytes.subarray(4), littleEndian);
      claim('stream', 'NT_PROCSTAT_AUXV');
      return thread;
    default:
      claim(note.type === 2 ? 'registers' : 'stream', `note FreeBSD 0x${note.type.toString(16)}`, thread);
      return thread;
  }
}

/** kve_structsize, kve_type, kve_start@8, kve_end@16, kve_offset@24 … kve_path@136; entries are packed. */
function readMappings(notes: CoreNotes, table: Fields, bits: 32 | 64): void {
  if (bits !== 64) return;
  for (let at = 4, count = 0; table.has(at, 136) && notes.files.length < MAX_FILES && count < MAX_FILES; count++) {
    const size = table.u32(at);
    if (size < 136) return;
    const path = table.text(at + 136, Math.min(size - 136, 1024));
    if (path !== '') {
      notes.files.push({ start: table.u64(at + 8), end: table.u64(at + 16), offset: table.u64(at + 24), path });
    }
    at += size;
  }
}

async function readBsdNote(
  notes: CoreNotes,
  context: NoteContext,
  note: Note,
  lwp: string | undefined,
  claim: ClaimNote,
): Promise<number | undefined> {
  const { reader, littleEndian, machine, bits } = context;
  const openbsd = note.owner.startsWith('Open');
  notes.system = openbsd ? 'OpenBSD' : 'NetBSD';
  const fields = new Fields(await reader.read(note.at, Math.min(note.size, 4096)), littleEndian);
  const id = lwp === undefined || !/^\d{1,10}$/.test(lwp) ? undefined : Number(lwp);
  if (note.type === (openbsd ? OPENBSD_PROCINFO : NETBSD_PROCINFO) && id === undefined) {
    // Four words of signal sets in NetBSD, one in OpenBSD.
    const [pidAt, nameAt] = openbsd ? [32, 72] : [80, 124];
    notes.process = { name: fields.text(nameAt, 32), pid: fields.u32(pidAt) };
    if (fields.u32(8) > 0) notes.facts.push({ name: 'signal', value: `${fields.u32(8)}` });
    claim('stream', 'PROCINFO');
  } else if (note.type === (openbsd ? OPENBSD_AUXV : NETBSD_AUXV) && id === undefined) {
    notes.auxiliary = fields;
    claim('stream', 'AUXV');
  } else if (id !== undefined || note.type === OPENBSD_REGISTERS) {
    if (note.type === (openbsd ? OPENBSD_REGISTERS : NETBSD_REGISTERS[machine])) {
      addThread(notes, id ?? 1, fields, bsdRegisters(openbsd ? 'openbsd' : 'netbsd', machine, bits), false);
    }
    claim('registers', `note ${note.owner.split('@')[0]} ${note.type}`, id);
  } else claim('stream', `note ${note.owner} ${note.type}`);
  return id;
}
