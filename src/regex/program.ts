/**
 * A regular expression as a program for our automata. re2js (a port of Go's regexp: RE2 syntax, no look-around, no
 * back-references) parses and compiles it; its own matchers are not used, since they take four times as long on bytes.
 * The instructions are its internals: the version is pinned, and regex.test.ts compares us with its matcher.
 */
import { RE2JS } from 're2js';

/** What an instruction does; the numbers are re2js'. */
export const OP = { alt: 1, altMatch: 2, capture: 3, empty: 4, fail: 5, match: 6, nop: 7, rune: 8 } as const;

/** Bits of `arg` of `OP.empty`: all must hold. */
export const EMPTY = {
  beginLine: 1,
  endLine: 2,
  beginText: 4,
  endText: 8,
  wordBoundary: 16,
  noWordBoundary: 32,
} as const;

/**
 * Characters that no instruction tells apart are one class. `ops[pc]` says what instruction `pc` does, `outs[pc]` what is next;
 * `args[pc]` is the second way of `alt`, the slot of `capture`, or the bits of `empty`.
 */
export interface Program {
  readonly start: number;
  readonly ops: Uint8Array;
  readonly outs: Int32Array;
  readonly args: Int32Array;
  /** Of a `rune` instruction: 1 for each class that it takes. */
  readonly takes: readonly (Uint8Array | undefined)[];
  /** First code point of each class, ascending, from 0. */
  readonly bounds: Int32Array;
  /** Capture groups, the whole match included. */
  readonly groups: number;
}

/** Longer programs would make a character cost too much. */
const MAX_INSTRUCTIONS = 20_000;
const FIRST_RUNE_OP = 8;
const LAST_RUNE_OP = 11;
const FOLD_CASE = 1;
/** Outside ASCII, what `(?i)` takes for k and s. */
const KELVIN = 0x212a;
const LONG_S = 0x17f;
const LAST_FOLDED = 0x1e943;

interface Instruction {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  readonly runes: Int32Array;
  matchRune(rune: number): boolean;
}

/** A program, or why there is none: the reason never quotes more of the expression than re2js does. */
export function compileProgram(source: string): Program | string {
  let instructions: readonly Instruction[];
  let start: number;
  let groups: number;
  try {
    const compiled = RE2JS.compile(source);
    const { inst, start: first } = compiled.re2().prog as { inst: readonly Instruction[]; start: number };
    [instructions, start, groups] = [inst, first, compiled.groupCount() + 1];
  } catch (error) {
    return explain(source, error);
  }
  if (instructions.length > MAX_INSTRUCTIONS) return `the regex is too large: ${instructions.length} instructions`;
  const isRune = ({ op }: Instruction): boolean => op >= FIRST_RUNE_OP && op <= LAST_RUNE_OP;
  const bounds = boundsOf(instructions.filter(isRune));
  const shared = new Map<string, Uint8Array>();
  const takes = instructions.map((instruction) => {
    if (!isRune(instruction)) return undefined;
    const key = `${instruction.arg & FOLD_CASE} ${instruction.runes.join()}`;
    const known = shared.get(key) ?? Uint8Array.from(bounds, (rune) => Number(instruction.matchRune(rune)));
    shared.set(key, known);
    return known;
  });
  return {
    start,
    ops: Uint8Array.from(instructions, ({ op }) => Math.min(op, OP.rune)),
    outs: Int32Array.from(instructions, ({ out }) => out),
    args: Int32Array.from(instructions, ({ arg }) => arg),
    takes,
    bounds,
    groups,
  };
}

function boundsOf(instructions: readonly Instruction[]): Int32Array {
  // A line end and the characters of words are told apart for `^`, `$` and `\b`.
  const bounds = new Set([0, 0x0a, 0x0b, 0x30, 0x3a, 0x41, 0x5b, 0x5f, 0x60, 0x61, 0x7b, 0x80]);
  const add = (from: number, to: number): void => void bounds.add(from).add(to + 1);
  for (const instruction of instructions) {
    const { runes } = instruction;
    if (runes.length === 1) for (const rune of foldedBy(instruction)) add(rune, rune);
    else for (let i = 0; i < runes.length; i += 2) add(runes[i]!, runes[i + 1]!);
  }
  return Int32Array.from(bounds).sort();
}

/** All that an instruction for one character takes. */
function foldedBy(instruction: Instruction): readonly number[] {
  const rune = instruction.runes[0]!;
  if ((instruction.arg & FOLD_CASE) === 0) return [rune];
  if (rune < 0x80) return [rune, rune ^ 0x20, KELVIN, LONG_S].filter((other) => instruction.matchRune(other));
  const known = orbits.get(rune);
  if (known) return known;
  const all: number[] = [];
  for (let other = 0; other <= LAST_FOLDED; other++) if (instruction.matchRune(other)) all.push(other);
  orbits.set(rune, all);
  return all;
}

/** By character outside ASCII: those of another case. Each takes a while to find. */
const orbits = new Map<number, readonly number[]>();

function explain(source: string, error: unknown): string {
  if (/\(\?<?[=!]/.test(source)) return 'look-around: no engine of linear time has it';
  if (/\\[1-9]|\\k<|\(\?P=/.test(source)) return 'a back-reference: no engine of linear time has it';
  if (/\(\?>|[*+?}]\+/.test(source)) return 'an atomic group or possessive quantifier: RE2 has none';
  return `the regex is not valid in RE2: ${error instanceof Error ? error.message : 'unknown reason'}`;
}
