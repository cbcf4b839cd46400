/**
 * The memory below the hit ring. Fixed addresses are compile-time constants for the hot loops; the kernel exports
 * them, so that the host writes its tables where the kernel reads them. What depends on the plan's size (entries,
 * patterns, hit ring, window) lies behind `DYNAMIC`, in places that the host chooses and passes to `configure`.
 */

/** Teddy: six tables of 16 bytes: low and high nibble of the gram's bytes 0, 1 and 2; one bit per bucket. */
export const TEDDY: usize = 0x1000;

/** Character class of base64 runs: table of the low nibble, then of the high nibble, 16 bytes each. */
export const BASE64_CLASS: usize = 0x1080;

/** u32 by alignment of words: where the last number run ended. */
export const NUMBER_ENDS: usize = 0x10a0;

/** A flag for each value of a byte. */
export const BYTE_SET: usize = 0x1100;

/** u16 by hash of a gram: number of its chain, 0 for none. */
export const HEADS: usize = 0x2000;
export const HEADS_BITS: u32 = 13;

/** A page's 32-byte blocks that hold candidates: u32 address, u32 bit mask. At most 128, written one ahead. */
export const BLOCKS: usize = 0x7000;

/** A page's candidates: u32 address of the gram. At most 4096, written four ahead. */
export const CANDIDATES: usize = 0x8000;

/** From here on the host decides. */
export const DYNAMIC: usize = 0x10000;

export const PAGE: usize = 4096;
