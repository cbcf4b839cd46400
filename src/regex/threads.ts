/**
 * Finds a match and its groups: all ways through the program at once, one thread each, in order of priority (Pike's
 * machine, https://swtch.com/~rsc/regexp/regexp2.html). Slower than the automaton, which says where it is worth while.
 */
import { OP, type Program } from './program.ts';
import { BEFORE, classOf, decode, emptyFlags, kindOf } from './text.ts';

/** Threads at one place, in order of priority: where each is, and start and end of each of its groups. */
interface Threads {
  readonly pcs: Int32Array;
  readonly slots: Int32Array;
  size: number;
}

/** On the stack: a slot to be set back, below zero; its old value lies beneath. */
const RESTORE = -1;

export class ThreadMachine {
  readonly #program: Program;
  readonly #width: number;
  #here: Threads;
  #next: Threads;
  /** Of the thread that is followed. */
  readonly #slots: Int32Array;
  readonly #stack: Int32Array;
  readonly #seen: Uint32Array;
  #round = 0;

  constructor(program: Program) {
    const count = program.ops.length;
    this.#program = program;
    this.#width = 2 * program.groups;
    const create = (): Threads => ({ pcs: new Int32Array(count), slots: new Int32Array(count * this.#width), size: 0 });
    this.#here = create();
    this.#next = create();
    this.#slots = new Int32Array(this.#width);
    this.#seen = new Uint32Array(count);
    // An instruction leaves at most three entries, and is followed once in a round.
    this.#stack = new Int32Array(3 * count + 1);
  }

  /**
   * The first match in `bytes[from, to)`: start and end of the whole and of each group, -1 where it took no part.
   * @param text as in `Dfa.search`
   */
  find(
    bytes: Uint8Array,
    from: number,
    to: number,
    text: { readonly start: number; readonly end: number },
  ): Int32Array | undefined {
    const { outs, takes, start } = this.#program;
    const width = this.#width;
    let match: Int32Array | undefined;
    let before: number = from > text.start ? kindOf(bytes[from - 1]!) : BEFORE.nothing;
    let symbol = -1;
    this.#here.size = 0;
    for (let at = from; ; ) {
      const step = at < text.end ? decode(bytes, at, text.end) : 0;
      const rune = step >>> 3;
      const kind = at < text.end ? kindOf(rune) : BEFORE.nothing;
      const flags = emptyFlags(before, kind);
      const [here, next] = [this.#here, this.#next];
      next.size = 0;
      this.#round++;
      let isCut = false;
      for (let i = 0; i < here.size && !isCut; i++) {
        const pc = here.pcs[i]!;
        if (takes[pc]![symbol] !== 1) continue;
        this.#slots.set(here.slots.subarray(i * width, (i + 1) * width));
        isCut = this.#follow(outs[pc]!, at, flags);
      }
      if (!isCut && match === undefined) {
        this.#slots.fill(-1);
        this.#slots[0] = at;
        isCut = this.#follow(start, at, flags);
      }
      if (isCut) {
        // The last thread is the match; those of lower priority never ran.
        next.size--;
        match = next.slots.slice(next.size * width, (next.size + 1) * width);
        match[1] = at;
      }
      if (at >= to || (next.size === 0 && match !== undefined)) return match;
      symbol = classOf(this.#program, rune);
      before = kind;
      at += step & 7;
      this.#here = next;
      this.#next = here;
    }
  }

  /** Adds the threads that `pc` leads to without a character; true when one of them is a match, which is then the last. */
  #follow(first: number, at: number, flags: number): boolean {
    const { ops, outs, args } = this.#program;
    const [slots, stack, seen, round, next] = [this.#slots, this.#stack, this.#seen, this.#round, this.#next];
    let top = 0;
    stack[top++] = first;
    while (top > 0) {
      const pc = stack[--top]!;
      if (pc <= RESTORE) {
        slots[RESTORE - pc] = stack[--top]!;
        continue;
      }
      if (seen[pc] === round) continue;
      seen[pc] = round;
      const op = ops[pc]!;
      if (op === OP.rune || op === OP.match) {
        next.pcs[next.size] = pc;
        next.slots.set(slots, next.size * this.#width);
        next.size++;
        if (op === OP.match) return true;
      } else if (op === OP.alt || op === OP.altMatch) {
        stack[top++] = args[pc]!;
        stack[top++] = outs[pc]!;
      } else if (op === OP.empty) {
        if ((args[pc]! & ~flags) === 0) stack[top++] = outs[pc]!;
      } else if (op === OP.capture && args[pc]! > 1) {
        const slot = args[pc]!;
        stack[top++] = slots[slot]!;
        stack[top++] = RESTORE - slot;
        stack[top++] = outs[pc]!;
        slots[slot] = at;
      } else if (op !== OP.fail) stack[top++] = outs[pc]!;
    }
    return false;
  }
}
