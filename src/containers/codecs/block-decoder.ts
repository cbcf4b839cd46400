/** One block that was compressed on its own, of known largest size: squashfs has many of them. */
import { inflateSync } from 'node:zlib';
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
  if (method === 5) return decodeLz4Block(stored, mostBytes);
  const decode = STREAM_DECODERS[method];
  if (!decode) throw new SourceError('not-opened', 'squashfs.compression');
  const out = new Uint8Array(mostBytes);
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

/** LZ4 block format: literals, then a match of at least four bytes at most 64 KiB back. */
function decodeLz4Block(stored: Uint8Array, mostBytes: number): Uint8Array {
  const out = new Uint8Array(mostBytes);
  let at = 0;
  let to = 0;
  const extra = (nibble: number): number => {
    let length = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; ) {
      byte = stored[at++] ?? 0;
      length += byte;
    }
    return length;
  };
  while (at < stored.length) {
    const token = stored[at++]!;
    const literals = extra(token >>> 4);
    if (at + literals > stored.length || to + literals > mostBytes) throw new FormatError('squashfs.block');
    out.set(stored.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    if (at >= stored.length) break;
    const distance = stored[at]! | ((stored[at + 1] ?? 0) << 8);
    at += 2;
    const length = extra(token & 15) + 4;
    if (distance === 0 || distance > to || to + length > mostBytes) throw new FormatError('squashfs.block');
    for (const end = to + length; to < end; to++) out[to] = out[to - distance]!;
  }
  return out.subarray(0, to);
}
