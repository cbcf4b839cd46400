/** Decoders of streams without members, by name: a thread is told the name. */
import { decodeBzip2 } from './bzip2.ts';
import { decodeLzma } from './lzma.ts';
import { decodeXz } from './xz.ts';
import { decodeZstd } from './zstd.ts';

export const DECODERS = { bzip2: decodeBzip2, lzma: decodeLzma, xz: decodeXz, zstd: decodeZstd } as const;

export type Codec = keyof typeof DECODERS;
