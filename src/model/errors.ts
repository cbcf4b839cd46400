/**
 * The three errors of the project. Anything else that is thrown is a bug of ours.
 * A message never holds bytes of an input.
 */
import type { GapCode } from './finding.ts';

/** The user asked for something that can't be done: says what, where, and what to do. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An input can't be read. Becomes a gap; the scan goes on. `detail` is a system error code such as `EACCES`. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: GapCode;
  readonly detail: string;
  constructor(code: GapCode, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}

/** An input contradicts its format. Becomes a gap. `field` is a path such as `elf.phdr[3].p_offset`. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  readonly field: string;
  constructor(field: string) {
    super(`format-error: ${field}`);
    this.field = field;
  }
}
