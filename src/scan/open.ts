/**
 * What an input is: the container to open, the format whose layout names its places, or something that nothing reads.
 * A plug-in that throws costs its own part only: the bytes are searched all the same.
 */
import type { Container } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import type { Gap } from '../model/finding.ts';
import { type Format, HEAD_BYTES, type Layout, type LayoutRegion } from '../model/format.ts';
import type { Input } from '../model/input.ts';
import { recogniseUnopened, recogniseUnopenedTail, TAIL_BYTES } from './unopened.ts';

/** All that can be opened. */
export interface Plugins {
  readonly formats: readonly Format[];
  readonly containers: readonly Container[];
}

/** Loads them: imported late, for decoders take time to load. */
export async function loadPlugins(): Promise<Plugins> {
  const [formats, containers] = await Promise.all([import('../formats/index.ts'), import('../containers/index.ts')]);
  return { formats: formats.default, containers: containers.default };
}

export interface Recognised {
  readonly container?: Container;
  readonly format?: Format;
  /** Compressed, archived or encoded, and nothing here reads it. */
  readonly unopened?: string;
}

type GapPart = Pick<Gap, 'code' | 'span' | 'detector' | 'detail'>;

/** The first bytes, in memory of their own: wipe them. */
export async function readHead(input: Input): Promise<Uint8Array> {
  const head = new Uint8Array(Math.min(HEAD_BYTES, Number.isFinite(input.size) ? input.size : HEAD_BYTES));
  return head.subarray(0, await input.read(head, 0));
}

export function recognise(head: Uint8Array, { formats, containers }: Plugins): Recognised {
  const container = containers.find((candidate) => recognises(candidate, head));
  const format = formats.find((candidate) => recognises(candidate, head));
  if (container || format) return { ...(container && { container }), ...(format && { format }) };
  const unopened = recogniseUnopened(head);
  return unopened === undefined ? {} : { unopened };
}

/** Id of what the end of an input that can be read anywhere tells; nothing here opens it. */
export async function recogniseTail(input: Input): Promise<string | undefined> {
  if (input.sequential || !Number.isFinite(input.size) || input.size < TAIL_BYTES) return undefined;
  const tail = new Uint8Array(TAIL_BYTES);
  const read = await input.read(tail, input.size - TAIL_BYTES);
  const unopened = read === TAIL_BYTES ? recogniseUnopenedTail(tail) : undefined;
  tail.fill(0);
  return unopened;
}

/** `recognise` is total; should it throw nevertheless, something else may know the input. */
function recognises(plugin: Container | Format, head: Uint8Array): boolean {
  try {
    return plugin.recognise(head);
  } catch {
    return false;
  }
}

/** What stopped a plug-in, as a gap: anything but the project's errors is a bug of ours, and its message stays here. */
export function gapOf(error: unknown, plugin: string): GapPart {
  if (error instanceof SourceError) return { code: error.code, detail: error.detail };
  if (error instanceof FormatError) return { code: 'format-error', detail: error.field };
  return { code: 'detector-failed', detector: plugin };
}

/** The layout that `format` reads, with what it can't give. */
export async function readLayout(
  format: Format,
  input: Input,
): Promise<{ readonly layout?: Layout; readonly gaps: readonly GapPart[] }> {
  try {
    const layout = await format.readLayout(input);
    return { layout: { ...layout, regions: tidy(layout.regions) }, gaps: layout.gaps };
  } catch (error) {
    return { gaps: [gapOf(error, format.id)] };
  }
}

/** Sorted, not empty, without overlaps: places are looked up by bisection, and a format may be wrong. */
function tidy(regions: readonly LayoutRegion[]): readonly LayoutRegion[] {
  const isTidy = regions.every(
    ({ start, end }, i) => start >= 0 && start < end && (i === 0 || regions[i - 1]!.end <= start),
  );
  if (isTidy) return regions;
  let end = 0;
  return [...regions]
    .filter((region) => region.start >= 0 && region.start < region.end)
    .sort((a, b) => a.start - b.start)
    .filter((region) => {
      const isFree = region.start >= end;
      if (isFree) end = region.end;
      return isFree;
    });
}
