/**
 * Texts of which each match of a program holds one: what the kernel searches for when a rule names no keywords. Found on
 * the program itself: a set of instructions that every way from the start to a match goes through, each of them the beginning
 * of a few characters in a row that have few alternatives.
 */
import { OP, type Program } from './program.ts';

export interface RequiredText {
  readonly text: string;
  /** Some letters are in either case. */
  readonly ignoreCase: boolean;
}

/** The kernel needs three characters. */
const GRAM = 3;
/** Texts that one place may become: `[0-9]Q~` is ten. */
const MAX_VARIANTS = 40;
/** Characters with more alternatives end a run. */
const MAX_ALTERNATIVES = 40;
const MAX_RUN = 16;
/** Of all places together. */
const MAX_TEXTS = 256;
/** Outside ASCII, what `(?i)` takes for k and s: a spelling that nobody uses. */
const FOLDED = new Set([0x212a, 0x17f]);

/** With `isPair` in either case, written in lower case. */
type Choice = { readonly letters: string; readonly isPair: boolean };

interface Place {
  readonly pc: number;
  readonly texts: readonly RequiredText[];
  /** How much the texts tell, in bits, roughly. */
  readonly bits: number;
}

/** Undefined when some match may hold no such text. */
export function requiredTexts(program: Program): readonly RequiredText[] | undefined {
  const choices = choicesOf(program);
  const places: Place[] = [];
  for (let pc = 0; pc < program.ops.length; pc++) {
    const place = choices[pc] && placeAt(program, choices, pc);
    if (place) places.push(place);
  }
  const kept = new Map(places.map((place) => [place.pc, place]));
  if (reachesMatch(program, kept)) return undefined;
  // Those that tell least go first, as long as no way to a match opens.
  for (const place of places.sort((a, b) => a.bits - b.bits)) {
    kept.delete(place.pc);
    if (reachesMatch(program, kept)) kept.set(place.pc, place);
  }
  const texts = new Map<string, RequiredText>();
  for (const place of kept.values()) {
    for (const text of place.texts) texts.set(`${text.ignoreCase} ${text.text}`, text);
  }
  return texts.size > 0 && texts.size <= MAX_TEXTS ? [...texts.values()] : undefined;
}

/** By instruction: the characters that it takes, where they are few and ASCII. */
function choicesOf({ ops, takes, bounds }: Program): (Choice | undefined)[] {
  const known = new Map<Uint8Array, Choice | undefined>();
  const choiceOf = (set: Uint8Array): Choice | undefined => {
    let letters = '';
    for (let symbol = set.indexOf(1); symbol >= 0; symbol = set.indexOf(1, symbol + 1)) {
      const [first, next] = [bounds[symbol]!, bounds[symbol + 1] ?? 0x110000];
      if (next - first === 1 && FOLDED.has(first)) continue;
      if (next > 0x80) return undefined;
      for (let code = first; code < next; code++) letters += String.fromCharCode(code);
    }
    const lower = new Set(letters.toLowerCase());
    // Each letter in both cases: half as many, for the kernel to find in either.
    const isEither = [...lower].every((letter) => letters.includes(letter) && letters.includes(letter.toUpperCase()));
    const isPair = isEither && lower.size < letters.length;
    if (isPair) letters = [...lower].join('');
    return letters === '' || letters.includes('\0') || letters.length > MAX_ALTERNATIVES
      ? undefined
      : { letters, isPair };
  };
  return Array.from(ops, (op, pc) => {
    if (op !== OP.rune) return undefined;
    const set = takes[pc]!;
    if (!known.has(set)) known.set(set, choiceOf(set));
    return known.get(set);
  });
}

/** The characters that must follow each other from `pc` on, and the best texts of them. */
function placeAt({ ops, outs }: Program, choices: readonly (Choice | undefined)[], pc: number): Place | undefined {
  const run: Choice[] = [];
  for (let next = pc; run.length < MAX_RUN; ) {
    const choice = choices[next];
    if (!choice) break;
    run.push(choice);
    next = outs[next]!;
    while (ops[next] === OP.capture || ops[next] === OP.nop || ops[next] === OP.empty) next = outs[next]!;
  }
  let best: Omit<Place, 'pc'> | undefined;
  for (let at = 0; at + GRAM <= run.length; at++) {
    const found = textsAround(run, at);
    if (found && (!best || found.bits > best.bits)) best = found;
  }
  return best && { pc, ...best };
}

function textsAround(run: readonly Choice[], at: number): Omit<Place, 'pc'> | undefined {
  const isOne = ({ letters }: Choice): boolean => letters.length === 1;
  let [start, end] = [at, at + GRAM];
  while (start > 0 && isOne(run[start - 1]!)) start--;
  while (end < run.length && isOne(run[end]!)) end++;
  const used = run.slice(start, end);
  const variants = used.reduce((product, { letters }) => product * letters.length, 1);
  if (variants > MAX_VARIANTS) return undefined;
  let texts = [''];
  for (const { letters } of used) texts = texts.flatMap((text) => Array.from(letters, (letter) => text + letter));
  const ignoreCase = used.some(({ isPair }) => isPair);
  const bits = used.reduce((sum, { letters, isPair }) => sum + 6 - Math.log2(letters.length) - Number(isPair), 0);
  // Each text more is another that the kernel finds.
  return { texts: texts.map((text) => ({ text, ignoreCase })), bits: bits - 3 * Math.log2(variants) };
}

/** Whether there is a way to a match around all `places`. */
function reachesMatch({ ops, outs, args, start }: Program, places: ReadonlyMap<number, unknown>): boolean {
  const seen = new Uint8Array(ops.length);
  const stack = [start];
  while (stack.length > 0) {
    const pc = stack.pop()!;
    if (seen[pc] === 1 || places.has(pc)) continue;
    seen[pc] = 1;
    const op = ops[pc]!;
    if (op === OP.match) return true;
    if (op === OP.fail) continue;
    stack.push(outs[pc]!);
    if (op === OP.alt || op === OP.altMatch) stack.push(args[pc]!);
  }
  return false;
}
