/**
 * LC_THREAD: flavors of register state, each {flavor, count of 32-bit words, words}; mach/machine/thread_status.h of XNU.
 * The unified flavors carry another such header inside.
 */
import type { Fields } from '../../bytes/fields.ts';
import type { LayoutThread } from '../../model/format.ts';

const CPU_X86 = 7;
const CPU_ARM = 12;
const CPU_POWERPC = 18;
const CPU_64 = 0x1000000;

interface State {
  readonly width: 4 | 8;
  readonly sp: number;
  readonly pc: number;
}

/** CPU type and flavor to indexes of registers. */
const STATES: Readonly<Record<string, State>> = {
  [`${CPU_X86}/1`]: { width: 4, sp: 7, pc: 10 },
  [`${CPU_X86 | CPU_64}/4`]: { width: 8, sp: 7, pc: 16 },
  [`${CPU_ARM}/1`]: { width: 4, sp: 13, pc: 15 },
  [`${CPU_ARM | CPU_64}/6`]: { width: 8, sp: 31, pc: 32 },
  [`${CPU_POWERPC}/1`]: { width: 4, sp: 3, pc: 0 },
  [`${CPU_POWERPC | CPU_64}/5`]: { width: 8, sp: 3, pc: 0 },
};
/** x86_THREAD_STATE and, on ARM64, ARM_THREAD_STATE: a header first. */
const UNIFIED: readonly string[] = [`${CPU_X86}/7`, `${CPU_X86 | CPU_64}/7`, `${CPU_ARM | CPU_64}/1`];
const MAX_FLAVORS = 16;

const CPU_NAMES: Readonly<Record<number, string>> = {
  [CPU_X86]: 'x86',
  [CPU_X86 | CPU_64]: 'x86-64',
  [CPU_ARM]: 'ARM',
  [CPU_ARM | CPU_64]: 'ARM64',
  [CPU_ARM | 0x2000000]: 'ARM64_32',
  [CPU_POWERPC]: 'PowerPC',
  [CPU_POWERPC | CPU_64]: 'PowerPC64',
};

export function cpuName(cpu: number): string {
  return CPU_NAMES[cpu] ?? `CPU type 0x${cpu.toString(16)}`;
}

/** `fields` are the bytes of the command after its header. */
export function readThreadState(
  cpu: number,
  fields: Fields,
): Pick<LayoutThread, 'stackPointer' | 'instructionPointer'> {
  let at = 0;
  for (let i = 0; i < MAX_FLAVORS && fields.has(at, 8); i++) {
    const [flavor, words] = [fields.u32(at), fields.u32(at + 4)];
    const inner = UNIFIED.includes(`${cpu}/${flavor}`);
    const state = STATES[`${cpu}/${inner ? fields.u32(at + 8) : flavor}`];
    const registers = at + (inner ? 16 : 8);
    if (state && fields.has(registers, (Math.max(state.sp, state.pc) + 1) * state.width)) {
      return {
        stackPointer: fields.word(registers + state.sp * state.width, state.width),
        instructionPointer: fields.word(registers + state.pc * state.width, state.width),
      };
    }
    at += 8 + words * 4;
  }
  return {};
}
