/**
 * Finds where a match ends: a deterministic automaton, made as it runs, one table look-up for each character. Matches are
 * leftmost-first, as in Perl and Go. A state is the list of instructions to follow, in order of priority, and the kind of the
 * character before; what `^`, `$` and `\b` say is known once the next character is, so a step first follows the
 * instructions that take nothing. https://swtch.com/~rsc/regexp/regexp3.html
 */
import { OP, type Program } from './program.ts';
import { BEFORE, classOf, decode, emptyFlags, kindOf } from './text.ts';

/** Stands in a list for a match that begins here: the last in priority. */
const BEGIN = -1;
const DEAD = 0;
/** States are forgotten beyond so many entries of the table, 4 bytes each. */
const MAX_TABLE = 1 << 18;
/** A search that makes a state for more than one of so many characters is better off without. */
const CHARACTERS_PER_STATE = 8;
const FREE_STATES = 1000;

interface State {
  readonly pcs: readonly number[];
  readonly before: number;
}

/** `GAVE_UP`: too many states; somebody else must search. */
export const GAVE_UP = -2;

export class Dfa {
  readonly #program: Program;
  /** Symbols: the classes, and the end of the text. */
  readonly #stride: number;
  readonly #ascii: Uint16Array;
  readonly #kinds: Uint8Array;
  #states: State[] = [];
  #ids = new Map<string, number>();
  /** By state and symbol: 0 for unknown, else 1 + 2 × next state + whether a match ends before the symbol. */
  #table = new Int32Array(0);
  /** Of the last step or search. */
  #made = 0;
  readonly #seen: Uint32Array;
  #round = 0;
  /** By state: 1 where nothing but a match that begins there is followed. */
  #fresh = new Uint8Array(0);
  /** Bytes that the last search looked at. */
  scanned = 0;
  /** The match that the last search found begins here or later. */
  earliest = 0;

  constructor(program: Program) {
    this.#program = program;
    this.#stride = program.bounds.length + 1;
    this.#ascii = Uint16Array.from({ length: 128 }, (_, byte) => classOf(program, byte));
    this.#kinds = Uint8Array.from([...program.bounds].map(kindOf).concat(BEFORE.nothing));
    this.#seen = new Uint32Array(program.ops.length);
    this.#forget();
  }

  /**
   * End of the first match in `bytes[from, to)`, -1 without one, or `GAVE_UP`.
   * @param text where the text begins and ends: beyond `from` and `to` when there is more of it
   */
  search(bytes: Uint8Array, from: number, to: number, text: { readonly start: number; readonly end: number }): number {
    const before = from > text.start ? kindOf(bytes[from - 1]!) : BEFORE.nothing;
    const [stride, ascii] = [this.#stride, this.#ascii];
    let state = this.#intern({ pcs: [BEGIN], before });
    let table = this.#table;
    let fresh = this.#fresh;
    let end = -1;
    let at = from;
    let earliest = from;
    this.#made = 0;
    for (;;) {
      if (fresh[state] === 1) earliest = at;
      let symbol = stride - 1;
      let width = 1;
      if (at < text.end) {
        const byte = bytes[at]!;
        if (byte < 0x80) symbol = ascii[byte]!;
        else {
          const rune = decode(bytes, at, text.end);
          symbol = classOf(this.#program, rune >>> 3);
          width = rune & 7;
        }
      }
      let entry = table[state * stride + symbol]!;
      if (entry === 0) {
        if (this.#made > FREE_STATES + (at - from) / CHARACTERS_PER_STATE) {
          this.scanned = at - from;
          return GAVE_UP;
        }
        entry = this.#step(state, symbol);
        table = this.#table;
        fresh = this.#fresh;
      }
      if (((entry - 1) & 1) !== 0) end = at;
      state = (entry - 1) >>> 1;
      if (state === DEAD || at >= to) break;
      at += width;
    }
    this.scanned = at - from + 1;
    this.earliest = earliest;
    return end;
  }

  #forget(): void {
    this.#states = [{ pcs: [], before: BEFORE.nothing }];
    this.#ids.clear();
    this.#table.fill(0);
  }

  #intern(state: State): number {
    if (state.pcs.length === 0) return DEAD;
    const key = `${state.before} ${state.pcs.join()}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#states.push(state) - 1;
    this.#ids.set(key, id);
    this.#made++;
    if ((id + 1) * this.#stride > this.#table.length) {
      const grown = new Int32Array(Math.max(16, 2 * (id + 1)) * this.#stride);
      grown.set(this.#table);
      this.#table = grown;
      const flags = new Uint8Array(grown.length / this.#stride);
      flags.set(this.#fresh);
      this.#fresh = flags;
    }
    this.#fresh[id] = Number(state.pcs.length === 1 && state.pcs[0] === BEGIN);
    return id;
  }

  #step(from: number, symbol: number): number {
    const state = this.#states[from]!;
    let id = from;
    if ((this.#states.length + 1) * this.#stride > MAX_TABLE) {
      this.#forget();
      id = this.#intern(state);
    }
    const { ready, isMatch, begins } = this.#follow(state, emptyFlags(state.before, this.#kinds[symbol]!));
    const { outs, takes } = this.#program;
    const pcs: number[] = [];
    const round = ++this.#round;
    for (const pc of ready) {
      if (takes[pc]![symbol] !== 1 || this.#seen[outs[pc]!] === round) continue;
      this.#seen[outs[pc]!] = round;
      pcs.push(outs[pc]!);
    }
    if (begins && symbol < this.#stride - 1) pcs.push(BEGIN);
    const next = this.#intern({ pcs, before: this.#kinds[symbol]! });
    const entry = 1 + 2 * next + Number(isMatch);
    this.#table[id * this.#stride + symbol] = entry;
    return entry;
  }

  /** The instructions that take a character, in order of priority, up to a match. */
  #follow({ pcs }: State, flags: number): { ready: number[]; isMatch: boolean; begins: boolean } {
    const { ops, outs, args, start } = this.#program;
    const ready: number[] = [];
    const round = ++this.#round;
    for (const first of pcs) {
      const stack = [first === BEGIN ? start : first];
      while (stack.length > 0) {
        const pc = stack.pop()!;
        if (this.#seen[pc] === round) continue;
        this.#seen[pc] = round;
        const op = ops[pc]!;
        if (op === OP.rune) ready.push(pc);
        else if (op === OP.match) return { ready, isMatch: true, begins: false };
        else if (op === OP.alt || op === OP.altMatch) stack.push(args[pc]!, outs[pc]!);
        else if (op === OP.empty) {
          if ((args[pc]! & ~flags) === 0) stack.push(outs[pc]!);
        } else if (op !== OP.fail) stack.push(outs[pc]!);
      }
    }
    return { ready, isMatch: false, begins: pcs.at(-1) === BEGIN };
  }
}
