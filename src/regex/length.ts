/** How long the matches of a program can be. */
import { OP, type Program } from './program.ts';

/** Longest match, in bytes of UTF-8; infinite where the program has a loop that takes characters. */
export function maxBytesOf({ ops, outs, args, takes, bounds, start }: Program): number {
  const widest = new Map<Uint8Array, number>();
  const widthOf = (set: Uint8Array): number => {
    const known = widest.get(set);
    if (known !== undefined) return known;
    const last = set.lastIndexOf(1);
    // The end of the last class that is taken.
    const rune = last < 0 ? 0 : last + 1 < bounds.length ? bounds[last + 1]! - 1 : 0x10ffff;
    const width = rune < 0x80 ? 1 : rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
    widest.set(set, width);
    return width;
  };
  const next = (pc: number): readonly number[] => {
    const op = ops[pc]!;
    if (op === OP.match || op === OP.fail) return [];
    return op === OP.alt || op === OP.altMatch ? [outs[pc]!, args[pc]!] : [outs[pc]!];
  };
  /** -1: not known yet, -2: being worked on. */
  const longest = new Float64Array(ops.length).fill(-1);
  const stack = [start];
  while (stack.length > 0) {
    const pc = stack.at(-1)!;
    if (longest[pc]! >= 0) {
      stack.pop();
      continue;
    }
    const ways = next(pc);
    if (longest[pc] === -1) {
      longest[pc] = -2;
      const open = ways.filter((way) => longest[way] === -1);
      if (open.length > 0) {
        stack.push(...open);
        continue;
      }
    }
    // A way back to what is being worked on is a loop: it may take characters, and then there is no end.
    const own = ops[pc] === OP.rune ? widthOf(takes[pc]!) : 0;
    let most = 0;
    for (const way of ways) most = Math.max(most, longest[way] === -2 ? Number.POSITIVE_INFINITY : longest[way]!);
    longest[pc] = own + most;
    stack.pop();
  }
  return longest[start]!;
}
