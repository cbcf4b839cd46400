/** Raw options of `dumpsieve redact` to one checked configuration. */
import { UsageError } from '../src/model/errors.ts';
import type { RedactOptions } from '../src/redact/redact.ts';
import { REMOVABLE, type Removable } from '../src/redact/regions.ts';
import { parseGapCodes, readSearch, SPOOL_BYTES } from './config.ts';
import { isSet, listOf, type Options } from './option-values.ts';

export interface RedactConfig extends RedactOptions {
  /** A path, or `-`. */
  readonly input: string;
  /** A path, or `-`; undefined to replace the input. */
  readonly output?: string;
  readonly quiet: boolean;
  /** To be said before: rules that can't be searched for. */
  readonly warnings: readonly string[];
  /** Standard input and output beyond this go to disk, encrypted. */
  readonly spoolBytes: number;
}

/** Throws UsageError. */
export function parseRemovable(values: readonly string[]): ReadonlySet<Removable> {
  const wanted = values.flatMap((value) => value.split(',')).map((name) => name.trim());
  return new Set(
    wanted.map((name) => {
      const known = REMOVABLE.find((removable) => removable === name);
      if (!known) throw new UsageError(`--also must be one of: ${REMOVABLE.join(', ')}`);
      return known;
    }),
  );
}

/** Throws UsageError. */
export async function createRedactConfig(
  [input, output, ...others]: readonly string[],
  options: Options,
): Promise<RedactConfig> {
  const isInPlace = isSet(options, 'in-place');
  if (input === undefined) throw new UsageError('nothing to redact: name a file, and the file to write');
  if (others.length > 0) throw new UsageError('redact takes one input and one output');
  if (isInPlace === (output !== undefined)) {
    throw new UsageError(
      isInPlace ? '--in-place takes no output: name the input alone' : 'name the file to write, or use --in-place',
    );
  }
  if (isInPlace && input === '-') throw new UsageError('--in-place needs a file, not standard input');
  const { search, warnings } = await readSearch(options);
  return Object.freeze({
    input,
    ...(output !== undefined && { output }),
    scan: search,
    allowGaps: parseGapCodes(listOf(options, 'allow-gaps')),
    also: parseRemovable(listOf(options, 'also')),
    known: isSet(options, 'known'),
    warnings,
    quiet: isSet(options, 'quiet'),
    spoolBytes: SPOOL_BYTES,
  });
}
