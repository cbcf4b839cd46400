/** All storage systems, by the scheme of their locators. */
import { SourceError } from '../model/errors.ts';
import type { Gap } from '../model/finding.ts';
import type { Input, ListOptions, Source } from '../model/input.ts';
import type { Locator } from '../model/place.ts';
import { createFileSource } from './file.ts';
import { openSpool } from './spool.ts';
import type { SpoolMemory } from './spool-arena.ts';
import { createStdinSource } from './stdin.ts';

export interface Sources {
  /** Lists all specs one after the other: `-` is standard input, anything else a path or a glob. */
  list(specs: readonly string[], options: ListOptions): AsyncGenerator<Locator | Gap>;
  /** Throws SourceError. */
  open(locator: Locator): Promise<Input>;
}

/**
 * Sources for one scan.
 * @param stdin opens what stands for standard input; the stream itself by default
 * @param memory where the bytes of spools are; without it none can be opened
 */
export function createSources(openStdin?: () => Input, memory?: SpoolMemory): Sources {
  const file = createFileSource();
  const stdin = createStdinSource(openStdin);
  const byScheme = new Map<string, Source>([file, stdin].map((source) => [source.scheme, source]));
  return {
    async *list(specs, options) {
      for (const spec of specs) {
        if (options.signal.aborted) return;
        yield* (spec === '-' ? stdin : file).list(spec, options);
      }
    },
    async open(locator) {
      if (locator.source === 'spool') return openSpool(locator, memory);
      const source = byScheme.get(locator.source);
      if (!source) throw new SourceError('unreadable', 'unknown-source');
      return source.open(locator);
    },
  };
}
