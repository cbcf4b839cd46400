/** Empty memory: about a fifth of a process dump. Skipping it is exact, since no gram ends in a zero byte. */
import { PAGE } from './layout';

/** Whether 64 bytes are all zero. */
// @ts-ignore: decorator
@inline
export function isZeroLine(p: usize): bool {
  return !v128.any_true(
    v128.or(v128.or(v128.load(p), v128.load(p, 16)), v128.or(v128.load(p, 32), v128.load(p, 48))),
  );
}

/** Leaves at the first line that isn't zero: used pages cost one line. */
export function isZeroPage(p: usize): bool {
  const end = p + PAGE;
  do {
    if (!isZeroLine(p)) return false;
    p += 64;
  } while (p < end);
  return true;
}
