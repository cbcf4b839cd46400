/** Regular expressions over bytes in linear time: RE2's syntax, Go's meaning. No string is made of what is searched. */
import { Dfa, GAVE_UP } from './dfa.ts';
import { maxBytesOf } from './length.ts';
import { compileProgram, type Program } from './program.ts';
import { ThreadMachine } from './threads.ts';

interface Text {
  readonly start: number;
  readonly end: number;
}

export class Regex {
  readonly program: Program;
  /** Longest match in bytes; may be infinite. */
  readonly maxBytes: number;
  readonly #dfa: Dfa;
  #threads: ThreadMachine | undefined;
  /** Bytes that searches looked at, all together: more than there are when a match is only known far behind its end. */
  scanned = 0;

  constructor(program: Program) {
    this.program = program;
    this.maxBytes = maxBytesOf(program);
    this.#dfa = new Dfa(program);
  }

  /**
   * Start and end of the first match in `bytes[from, to)`, then of each group, -1 where it took no part.
   * @param text where the text begins and ends, for `^`, `$` and `\b`: by default `from` and `to`
   */
  find(bytes: Uint8Array, from: number, to: number, text: Text = { start: from, end: to }): Int32Array | undefined {
    const end = this.#dfa.search(bytes, from, to, text);
    this.scanned += this.#dfa.scanned;
    if (end === -1) return undefined;
    if (end === GAVE_UP) {
      this.scanned += to - from;
      return this.#machine().find(bytes, from, to, text);
    }
    let start = this.#dfa.earliest;
    if (end - this.maxBytes > start) {
      start = end - this.maxBytes;
      while (start > from && (bytes[start]! & 0xc0) === 0x80) start--;
    }
    return this.#machine().find(bytes, start, end, text);
  }

  #machine(): ThreadMachine {
    this.#threads ??= new ThreadMachine(this.program);
    return this.#threads;
  }

  /** Whether there is a match in `bytes[from, to)`. */
  test(bytes: Uint8Array, from = 0, to = bytes.length): boolean {
    const end = this.#dfa.search(bytes, from, to, { start: from, end: to });
    if (end !== GAVE_UP) return end !== -1;
    return this.#machine().find(bytes, from, to, { start: from, end: to }) !== undefined;
  }
}

/** A regex, or why there is none. */
export function createRegex(source: string): Regex | string {
  const program = compileProgram(source);
  return typeof program === 'string' ? program : new Regex(program);
}
