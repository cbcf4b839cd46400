/** What a scan is asked for: paths, and bytes that the caller has. Bytes are spooled, so that they are searched like a file. */
import { UsageError } from './model/errors.ts';
import type { Gap } from './model/finding.ts';
import type { ListOptions } from './model/input.ts';
import { sanitizeLabel } from './model/label.ts';
import type { Locator } from './model/place.ts';
import type { Sources } from './sources/sources.ts';
import { Spool } from './sources/spool.ts';
import type { SpoolArena } from './sources/spool-arena.ts';

/** Bytes to scan. They are read once, and stay as they are. */
export interface Content {
  readonly bytes: Uint8Array | AsyncIterable<Uint8Array>;
  /** What reports call it; `bytes` by default. */
  readonly label?: string | undefined;
}

/** A path, a directory, a glob, `-` for standard input, or bytes. */
export type ScanTarget = string | Content;

export type Listing = AsyncGenerator<Locator | Gap>;

/** Throws UsageError when there is nothing. */
export function toTargets(what: ScanTarget | readonly ScanTarget[]): readonly ScanTarget[] {
  const targets = typeof what === 'string' || 'bytes' in what ? [what] : what;
  if (targets.length === 0 || targets.includes('')) {
    throw new UsageError('nothing to scan: name a file, a directory or -');
  }
  return targets;
}

const isContent = (target: ScanTarget): target is Content => typeof target !== 'string';
export const hasContent = (targets: readonly ScanTarget[]): boolean => targets.some(isContent);

/** Keeps all of the content; the caller closes the spool. Rejects with what the iterable throws, or SourceError. */
async function fill(spool: Spool, { bytes }: Content, signal: AbortSignal): Promise<void> {
  if (bytes instanceof Uint8Array) {
    spool.write(bytes);
    return;
  }
  for await (const chunk of bytes) {
    signal.throwIfAborted();
    spool.write(chunk);
  }
}

/** Locators of all targets. What is spooled for them goes to `spools`, to be closed after the scan. */
export async function* listTargets(
  targets: readonly ScanTarget[],
  sources: Sources,
  arena: SpoolArena | undefined,
  spools: Spool[],
  options: ListOptions,
): Listing {
  for (const target of targets) {
    if (!isContent(target)) {
      yield* sources.list([target], options);
    } else if (!options.signal.aborted) {
      const spool = new Spool(arena!);
      spools.push(spool);
      await fill(spool, target, options.signal);
      yield spool.locate(sanitizeLabel(target.label ?? 'bytes'));
    }
  }
}
