/**
 * Register contexts of threads: CONTEXT of winnt.h and the MDRawContext… of breakpad. Where the stack and the instruction
 * pointer lie. Longer ones (with XSAVE) and lldb's shorter ones begin
 * the same.
 */
import type { Fields } from '../../bytes/fields.ts';
import type { LayoutThread } from '../../model/format.ts';

interface Context {
  readonly width: 4 | 8;
  readonly sp: number;
  readonly pc: number;
}

const X86: Context = { width: 4, sp: 196, pc: 184 };
const AMD64: Context = { width: 8, sp: 152, pc: 248 };
const ARM: Context = { width: 4, sp: 56, pc: 64 };
/** breakpad's first layout differs behind these registers only. */
const ARM64: Context = { width: 8, sp: 256, pc: 264 };

const BY_ARCHITECTURE: Readonly<Record<number, Context>> = {
  0: X86,
  5: ARM,
  9: AMD64,
  12: ARM64,
  [0x8003]: ARM64,
};

const ARCHITECTURE_NAMES: Readonly<Record<number, string>> = {
  0: 'x86',
  1: 'MIPS',
  2: 'Alpha',
  3: 'PowerPC',
  5: 'ARM',
  6: 'IA-64',
  9: 'x86-64',
  10: 'x86 on x86-64',
  12: 'ARM64',
  [0x8001]: 'SPARC',
  [0x8002]: 'PowerPC64',
  [0x8003]: 'ARM64',
  [0x8004]: 'MIPS64',
  [0x8005]: 'RISC-V',
  [0x8006]: 'RISC-V 64',
};

export function architectureName(architecture: number): string {
  return ARCHITECTURE_NAMES[architecture] ?? `architecture 0x${architecture.toString(16)}`;
}

/** All have their pointers in these first bytes. */
export const CONTEXT_READ_BYTES = 272;

export function readPointers(
  fields: Fields,
  architecture: number,
): Pick<LayoutThread, 'stackPointer' | 'instructionPointer'> {
  const context = BY_ARCHITECTURE[architecture];
  if (!context || !fields.has(context.pc, context.width)) return {};
  return {
    stackPointer: fields.word(context.sp, context.width),
    instructionPointer: fields.word(context.pc, context.width),
  };
}
