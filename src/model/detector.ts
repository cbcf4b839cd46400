/**
 * A detector: one file in `patterns/`. It declares what it looks for as data (anchors, reach), so that the kernel
 * can plan one search for all detectors, then parses and proves what lies around a hit.
 */
import type { Severity, Traits, Verdict } from './finding.ts';
import type { PublicKeyNumbers } from './inventory.ts';
import type { Make } from './make.ts';
import type { Span } from './place.ts';

/**
 * What the kernel searches for.
 * - `text`: Latin-1 characters. With `wide`, also as UTF-16LE/BE and UTF-32LE/BE; the view is then narrowed. `'utf-16'`
 *   leaves UTF-32 out: its characters lie between zeros, as small numbers do, so such patterns slow the kernel down most.
 *   `?` is a literal question mark. Case-sensitive; with `ignoreCase`, ASCII letters are found in both cases, at the cost of
 *   up to eight patterns for each encoding.
 * - `bytes`: hex pairs separated by spaces, `??` for any byte. Must hold at least 3 fixed bytes in a row,
 *   the last of which is not 00 (zero pages are skipped).
 * - `assigned`: a name of a secret (`assignments.ts`) that a value may follow, and that begins with the text, or has it before a
 *   longer name's `_`, `-` or `.` (any name when the text is empty); also in UTF-16. The match is the end of the name, perhaps
 *   with a separator. All detectors share these patterns, so one more costs the kernel nothing.
 * - `run` with `begins`: a run as the dense test of that name finds it, which begins with the text, up to six characters
 *   in (`base64-run`), or has it right before (`hex-run`). Shares the dense test's pattern, so it costs the kernel nothing.
 *   The match is the run.
 * - `dense`: a test on every position, run in the kernel. `base64-run`: a maximal run of 40 or more characters of
 *   `A-Za-z0-9+/_-` with upper case, lower case and digits in a mixture that random bytes give, and up to two `=` after
 *   it (a `=` elsewhere ends the run: in `NAME=value` the value stands alone); `hex-run`: likewise of 32 or more hex
 *   digits of one case; `decimal-run`: 64 or more of digits, `,`, `-`, blanks and line ends; `wide-run`: 43 or more characters of base64 in UTF-16, `length` in bytes; `number-run`: 8-byte words that look random and begin where an object begins. The view's `length`
 *   is the length of the run. `aes-schedule`: 16 bytes somewhere in what could be an expanded AES key, its start up to 224
 *   bytes before. The exact rules are in kernel/runs.ts, kernel/numbers.ts and kernel/schedules.ts.
 */
export type Anchor =
  | { readonly text: string; readonly wide?: boolean | 'utf-16'; readonly ignoreCase?: boolean }
  | { readonly bytes: string }
  | { readonly assigned: string }
  | { readonly run: 'base64-run' | 'hex-run'; readonly begins: string }
  | { readonly dense: DenseTest };

export const DENSE_TESTS = ['base64-run', 'hex-run', 'decimal-run', 'wide-run', 'number-run', 'aes-schedule'] as const;
export type DenseTest = (typeof DENSE_TESTS)[number];

/**
 * The bytes around a hit, in the kernel's memory or a scratch copy: read them, never keep them.
 * For a wide text anchor `bytes` is the narrowed text (one byte per character), cut where the text ends.
 */
export interface View {
  readonly bytes: Uint8Array;
  /** Index in `bytes` of the first byte of the match. */
  readonly at: number;
  /** Index into the detector's `anchors`. */
  readonly anchor: number;
  /** Length of the match in elements of `bytes`. */
  readonly length: number;
}

/** By which lists of published keys may know a key (model/known-list.ts); `seal()` takes it off. */
export type PublicValue = {
  /** SHA-256 of one number of the public key (RSA: n; EC: x; DSA, DH: y; else the key), big-endian, without leading zeros. */
  readonly publicValueSha256?: string;
};

/**
 * Something proven or likely, on its way to `seal()`. `span` is in indexes of the view's `bytes`.
 * `secret` is the canonical secret in memory of its own (never a view of the input, never a pooled Buffer);
 * `seal()` wipes it. Canonical: RSA: the smaller prime, big-endian; EC: the scalar, big-endian, as long as the field;
 * Ed25519, Ed448, X25519, X448: the raw private key (of Ed25519 its scalar, where the seed is gone); DSA, DH: x, big-endian, without leading zeros;
 * encrypted keys: the ciphertext; else: the bytes of the value. `seal()` separates algorithms by `traits`.
 */
export interface Claim {
  readonly verdict: Exclude<Verdict, 'known'>;
  readonly span: Span;
  readonly traits: Traits & PublicValue;
  readonly secret: Uint8Array;
  /** Replaces the detector's severity (encrypted keys are less severe). */
  readonly severity?: Severity;
  /** The public half, where it is known: whoever redacts a dump needs it to complete the key. */
  readonly publicKey?: PublicKeyNumbers | undefined;
}

export interface Detector<C = unknown> {
  /** `<what>-<how>`, permanent: `rsa-pkcs1-der`. */
  readonly id: string;
  readonly title: string;
  /** For people: what it is, where it is seen, what proves it, what to do. Markdown, with its source (RFC, header). */
  readonly doc: string;
  readonly severity: Severity;
  readonly anchors: readonly Anchor[];
  /** Most elements of `bytes` needed before and after the first byte of a match. At most 64 KiB each. */
  readonly reach: { readonly before: number; readonly after: number };
  /** Cheap and structural. Total: never throws, on any bytes; never loops on a count without a ceiling. */
  parse(view: View): C | undefined;
  /** Offline proof; may be slow. Empty when refuted. Total as well. */
  verify(candidate: C): readonly Claim[];
  /** Examples from a seed, only called by tests and the documentation generator. */
  examples(make: Make): Examples;
}

export interface Example {
  /** What is special about it, for the name of the test. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Hit extends Example {
  /** Expected span in `bytes` of the claim. */
  readonly span: Span;
  readonly verdict: Claim['verdict'];
  /** Expected traits: a subset is compared. */
  readonly traits: Partial<Traits>;
  /** Numbers and strings whose every spelling must never appear in an output. */
  readonly secrets: readonly Uint8Array[];
}

export interface Miss extends Example {
  /** `verify` must be reached by at least one miss of each detector that can refute. */
  readonly reaches: 'anchor' | 'parse' | 'verify';
}

export interface Examples {
  readonly hits: readonly Hit[];
  readonly misses: readonly Miss[];
}

/** The widest reach a detector may declare, in bytes of the input: the size of the margins around a chunk. */
export const MAX_REACH_BYTES = 65_536;

export function defineDetector<C>(detector: Detector<C>): Detector {
  return detector as Detector;
}
