/** All storage systems, by the scheme of their locators. */
import { SourceError } from '../model/errors.ts';
import type { Gap } from '../model/finding.ts';
import type { Input, ListOptions, Source } from '../model/input.ts';
import type { Locator } from '../model/place.ts';
import { createFileSource } from './file.ts';
import { createStdinSource } from './stdin.ts';

export interface Sources {
  /** Lists all specs one after the other: `-` is standard input, anything else a path or a glob. */
  list(specs: readonly string[], options: ListOptions): AsyncGenerator<Locator | Gap>;
  /** Throws SourceError. */
  open(locator: Locator): Promise<Input>;
}

/** Sources for one scan. */
export function createSources(): Sources {
  const file = createFileSource();
  const stdin = createStdinSource();
  const byScheme = new Map<string, Source>([file, stdin].map((source) => [source.scheme, source]));
  return {
    async *list(specs, options) {
      for (const spec of specs) {
        if (options.signal.aborted) return;
        yield* (spec === '-' ? stdin : file).list(spec, options);
      }
    },
    async open(locator) {
      const source = byScheme.get(locator.source);
      if (!source) throw new SourceError('unreadable', 'unknown-source');
      return source.open(locator);
    },
  };
}
