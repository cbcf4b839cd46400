/**
 * Architectures in cores: names, and where the registers of a thread lie in its notes (elf_gregset_t of Linux, reg of
 * FreeBSD, NetBSD and OpenBSD). Checked on cores of 18 machines: the stack pointer fell into a segment.
 */

/** e_machine, System V ABI and the registry of its maintainers. */
const MACHINE_NAMES: Readonly<Record<number, string>> = {
  2: 'SPARC',
  3: 'x86',
  4: 'm68k',
  8: 'MIPS',
  15: 'PA-RISC',
  18: 'SPARC32+',
  20: 'PowerPC',
  21: 'PowerPC64',
  22: 'S390',
  40: 'ARM',
  42: 'SuperH',
  43: 'SPARC V9',
  50: 'IA-64',
  62: 'x86-64',
  94: 'Xtensa',
  183: 'AArch64',
  243: 'RISC-V',
  252: 'C-SKY',
  258: 'LoongArch',
  [0x9026]: 'Alpha',
};

/** Index of the stack and the instruction pointer among the registers, their width, and where they and the thread id lie. */
export interface RegisterLayout {
  readonly threadAt: number;
  readonly registersAt: number;
  readonly width: 4 | 8;
  readonly sp: number;
  readonly pc?: number;
}

/** `machine` and class to [sp, pc]. */
const LINUX: Readonly<Record<string, readonly [number, number?]>> = {
  '62/64': [19, 16],
  '62/32': [19, 16], // x32: 8-byte registers
  '3/32': [15, 12],
  '183/64': [31, 32],
  '40/32': [13, 15],
  '21/64': [1, 32],
  '20/32': [1, 32],
  '22/64': [17, 1],
  '22/32': [17, 1],
  '8/64': [29, 34],
  '8/32': [35, 40], // o32: six words of padding come first
  '243/64': [2, 0],
  '243/32': [2, 0],
  '258/64': [3, 33],
  '258/32': [3, 33],
  '43/64': [14, 33],
  '36902/64': [30, 31],
  '15/32': [30],
  '4/32': [15, 18],
};
const M68K = 4;
const MIPS = 8;
const X86_64 = 62;
/** n32: 45 registers of 8 bytes in a 32-bit core. */
const MIPS_N32_BYTES = 440;

/** struct elf_prstatus of Linux. `size` is that of the note. */
export function linuxRegisters(machine: number, bits: 32 | 64, size: number): RegisterLayout | undefined {
  const indexes = LINUX[`${machine}/${bits}`];
  if (!indexes) return undefined;
  if (machine === MIPS && bits === 32 && size >= MIPS_N32_BYTES) {
    return { threadAt: 24, registersAt: 72, width: 8, sp: 29, pc: 34 };
  }
  const [sp, pc] = indexes;
  const place =
    bits === 64
      ? ({ threadAt: 32, registersAt: 112, width: 8 } as const)
      : machine === M68K // aligns to 2 bytes
        ? ({ threadAt: 22, registersAt: 70, width: 4 } as const)
        : ({ threadAt: 24, registersAt: 72, width: machine === X86_64 ? 8 : 4 } as const);
  return pc === undefined ? { ...place, sp } : { ...place, sp, pc };
}

/** [sp, pc] in struct reg, machine/reg.h of each. */
const FREEBSD: Readonly<Record<string, readonly [number, number]>> = {
  '62/64': [20, 17],
  '183/64': [31, 32],
};
const NETBSD: Readonly<Record<string, readonly [number, number]>> = {
  '62/64': [24, 21],
  '183/64': [31, 32],
};
const OPENBSD: Readonly<Record<string, readonly [number, number]>> = {
  '62/64': [15, 16],
  '183/64': [31, 32],
};

/** struct prstatus of FreeBSD, sys/procfs.h: sizes come first, and the thread's id after the signal. */
export function freebsdRegisters(machine: number, bits: 32 | 64): RegisterLayout | undefined {
  const indexes = FREEBSD[`${machine}/${bits}`];
  return indexes && { threadAt: 40, registersAt: 48, width: 8, sp: indexes[0], pc: indexes[1] };
}

/** NetBSD and OpenBSD store the registers alone; the thread's id is in the note's name. */
export function bsdRegisters(system: 'netbsd' | 'openbsd', machine: number, bits: 32 | 64): RegisterLayout | undefined {
  const indexes = (system === 'netbsd' ? NETBSD : OPENBSD)[`${machine}/${bits}`];
  return indexes && { threadAt: -1, registersAt: 0, width: 8, sp: indexes[0], pc: indexes[1] };
}

export function machineName(machine: number): string {
  return MACHINE_NAMES[machine] ?? `machine ${machine}`;
}

/** Signals of Linux on most machines, signal(7). */
const SIGNALS: readonly string[] =
  ',SIGHUP,SIGINT,SIGQUIT,SIGILL,SIGTRAP,SIGABRT,SIGBUS,SIGFPE,SIGKILL,SIGUSR1,SIGSEGV,SIGUSR2,SIGPIPE,SIGALRM,SIGTERM,SIGSTKFLT,SIGCHLD,SIGCONT,SIGSTOP,SIGTSTP,SIGTTIN,SIGTTOU,SIGURG,SIGXCPU,SIGXFSZ,SIGVTALRM,SIGPROF,SIGWINCH,SIGIO,SIGPWR,SIGSYS'.split(
    ',',
  );

/** `11 (SIGSEGV)`. */
export function signalName(signal: number): string {
  return SIGNALS[signal] ? `${signal} (${SIGNALS[signal]})` : `${signal}`;
}

/** Those that a crash raises: a debugger's stop is none. */
export function isCrash(signal: number): boolean {
  return [4, 6, 7, 8, 10, 11, 31].includes(signal);
}
