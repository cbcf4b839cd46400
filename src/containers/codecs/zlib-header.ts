/**
 * Whether these are the two bytes before a zlib stream (RFC 1950, 2.2): deflate with the window of 32 KiB that all writers use, no
 * dictionary.
 */
export const isZlibHeader = (cmf: number, flg: number): boolean =>
  cmf === 0x78 && ((cmf << 8) | flg) % 31 === 0 && (flg & 0x20) === 0;
