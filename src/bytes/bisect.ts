/** Bisection. */

/** First index below `count` for which `isReached` holds, `count` when there is none. It holds for all that follow one. */
export function bisect(count: number, isReached: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isReached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
