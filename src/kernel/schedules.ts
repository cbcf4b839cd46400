/**
 * The rules of the dense test `aes-schedule`, and its search in plain TypeScript. assembly/schedules.ts implements the
 * same rules; the differential test compares them. The detector confirms what it marks.
 *
 * In an expanded AES key (FIPS 197, 5.2) three of four words, for AES-192 five of six, are the exclusive or of the word
 * before and of the word Nk before. This holds for words in either byte order, and after InvMixColumns, which is linear;
 * a decryption schedule has its rounds in reverse, so the relation points the other way. With AES-192, whose keys are one and
 * a half rounds, it does so for the two last words of a round only, and for one of them in every third round.
 *
 * A probe, one per 104 bytes from the start of a page that isn't empty, at any alignment of the schedule: 12 of the 16
 * bytes that one relation gives are zero, also 16 bytes on or back, and the 16 bytes after it look random: at most 4
 * zeros, at least 2 of 0x80 or more. Or, for AES-192's decryption: 20 of the 48 bytes from here on, or up to here, are zero,
 * at least 4 in each row, and all three rows look random, too.
 * Every schedule holds one; of other data about one probe in a hundred million passes.
 */

const PAGE = 4096;
const STRIDE = 104;
const ROW = 16;

/** Offsets of the two other words: encryption with 128, 192 and 256 bits, decryption with 128 and 256 bits. */
const RELATIONS = [
  [16, 12],
  [24, 20],
  [32, 28],
  [16, -4],
  [32, -4],
] as const;
/** Decryption with 192 bits. */
const SPARSE_RELATION = [8, -4] as const;
const SPARSE_ZEROS = { row: 4, all: 20 } as const;

type OnProbe = (at: number, length: number) => void;

/** Reports each probe in `[start, end)` that passes; `bytes` ends where the data ends, and begins at the window. */
export function findSchedules(bytes: Uint8Array, start: number, end: number, onProbe: OnProbe): void {
  const byte = (at: number): number => bytes[at] ?? 0;
  const zerosOf = (at: number, [a, b]: readonly [number, number]): number => {
    let zeros = 0;
    for (let i = at; i < at + ROW; i++) if ((byte(i) ^ byte(i + a) ^ byte(i + b)) === 0) zeros++;
    return zeros;
  };
  const holds = (at: number, relation: readonly [number, number]): boolean => zerosOf(at, relation) >= 12;
  const looksRandom = (at: number): boolean => {
    let zeros = 0;
    let high = 0;
    for (let i = at; i < at + ROW; i++) {
      if (byte(i) === 0) zeros++;
      if (byte(i) >= 0x80) high++;
    }
    return zeros <= 4 && high >= 2;
  };
  const holdsSparsely = (rows: readonly number[]): boolean => {
    let all = 0;
    for (const at of rows) {
      const zeros = zerosOf(at, SPARSE_RELATION);
      if (zeros < SPARSE_ZEROS.row) return false;
      all += zeros;
    }
    return all >= SPARSE_ZEROS.all && rows.every(looksRandom);
  };
  for (let page = start; page < end; page += PAGE) {
    if (bytes.subarray(page, page + PAGE).every((value) => value === 0)) continue;
    for (let probe = page; probe < Math.min(page + PAGE, end); probe += STRIDE) {
      const passes =
        looksRandom(probe + ROW) &&
        (RELATIONS.some(
          (relation) => holds(probe, relation) && (holds(probe + ROW, relation) || holds(probe - ROW, relation)),
        ) ||
          holdsSparsely([probe, probe + ROW, probe + 2 * ROW]) ||
          holdsSparsely([probe, probe - ROW, probe - 2 * ROW]));
      if (passes) onProbe(probe, ROW);
    }
  }
}
