/**
 * Spans that overlap become pieces that don't: of those that cover a place, the one of the lowest rank has it, and of
 * equal ranks the earlier one in the list. n log n, at most 2n pieces.
 */
export interface Ranked<P extends number | bigint> {
  readonly start: P;
  readonly end: P;
  /** Lower wins. */
  readonly rank: number;
}

export interface Piece<P extends number | bigint, S> {
  readonly start: P;
  end: P;
  readonly of: S;
}

interface Entry<S> {
  readonly span: S;
  readonly order: number;
}

/** Sorted by `start`. */
export function flatten<P extends number | bigint, S extends Ranked<P>>(spans: readonly S[]): Piece<P, S>[] {
  const entries = spans
    .map((span, order) => ({ span, order }))
    .filter(({ span }) => span.start < span.end)
    .sort((a, b) => (a.span.start < b.span.start ? -1 : a.span.start > b.span.start ? 1 : a.order - b.order));
  const pieces: Piece<P, S>[] = [];
  const open: Entry<S>[] = [];
  let next = 0;
  let at: P | undefined;
  while (next < entries.length || open.length > 0) {
    // Those that end below the top stay until they come up.
    while (at !== undefined && open.length > 0 && open[0]!.span.end <= at) pop(open);
    if (open.length === 0) {
      if (next >= entries.length) break;
      at = entries[next]!.span.start;
    }
    while (next < entries.length && entries[next]!.span.start <= at!) push(open, entries[next++]!);
    const { span } = open[0]!;
    const upcoming = entries[next]?.span.start;
    const end: P = upcoming !== undefined && upcoming < span.end ? upcoming : span.end;
    const last = pieces.at(-1);
    if (last && last.of === span && last.end === at) last.end = end;
    else pieces.push({ start: at!, end, of: span });
    at = end;
  }
  return pieces;
}

function precedes<S extends { readonly rank: number }>(a: Entry<S>, b: Entry<S>): boolean {
  return a.span.rank < b.span.rank || (a.span.rank === b.span.rank && a.order < b.order);
}

/** A binary heap whose first entry has the place. */
function push<S extends { readonly rank: number }>(heap: Entry<S>[], entry: Entry<S>): void {
  let i = heap.length;
  heap.push(entry);
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!precedes(entry, heap[parent]!)) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = entry;
}

function pop<S extends { readonly rank: number }>(heap: Entry<S>[]): void {
  const entry = heap.pop()!;
  if (heap.length === 0) return;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && precedes(heap[child + 1]!, heap[child]!)) child++;
    if (!precedes(heap[child]!, entry)) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = entry;
}
