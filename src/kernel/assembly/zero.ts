/** Empty pages: a fifth to more than half of a process dump. Skipping it is exact, since no gram ends in a zero byte. */
import { PAGE } from './layout';

/** Leaves at the first 64 bytes that aren't all zero: a used page costs next to nothing. */
export function isZeroPage(p: usize): bool {
  const end = p + PAGE;
  do {
    const line = v128.or(
      v128.or(v128.load(p), v128.load(p, 16)),
      v128.or(v128.load(p, 32), v128.load(p, 48)),
    );
    if (v128.any_true(line)) return false;
    p += 64;
  } while (p < end);
  return true;
}
