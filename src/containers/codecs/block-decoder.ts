/** One block that was compressed on its own, of known largest size: squashfs has many of them. */

import { inflateSync } from 'node:zlib';
import { decodeLz4Block } from '../../bytes/lz4-block.ts';
import { FormatError, SourceError } from '../../model/errors.ts';
import { decodeLzma } from './lzma.ts';
import { plainBytes } from './node-stream.ts';
import { decodeXz } from './xz.ts';
import { decodeZstd } from './zstd.ts';

/** By the number in squashfs's superblock. */
const STREAM_DECODERS: Readonly<Record<number, typeof decodeXz>> = { 2: decodeLzma, 4: decodeXz, 6: decodeZstd };

/** Throws FormatError when damaged or longer than `mostBytes`, SourceError when the method is not known. */
export async function decodeBlock(method: number, stored: Uint8Array, mostBytes: number): Promise<Uint8Array> {
  if (method === 1) {
    try {
      return plainBytes(inflateSync(stored, { maxOutputLength: mostBytes }));
    } catch {
      throw new FormatError('squashfs.block');
    }
  }
  const out = new Uint8Array(mostBytes);
  if (method === 5) {
    const end = decodeLz4Block(stored, out, 0, mostBytes);
    if (end === undefined) throw new FormatError('squashfs.block');
    return out.subarray(0, end);
  }
  const decode = STREAM_DECODERS[method];
  if (!decode) throw new SourceError('not-opened', 'squashfs.compression');
  let to = 0;
  for await (const piece of decode(once(stored))) {
    if (to + piece.length > mostBytes) throw new FormatError('squashfs.block');
    out.set(piece, to);
    to += piece.length;
  }
  return out.subarray(0, to);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}
