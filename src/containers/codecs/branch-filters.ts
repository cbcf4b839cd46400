/**
 * Filters before LZMA (xz-file-format.txt, 5.3.2 and 5.3.3; 7-Zip's methods of the same names): delta, and the address
 * converters for machine code. Only undoing them: absolute addresses become relative again.
 */
import { FormatError } from '../../model/errors.ts';

/** Undoes a filter in place, of bytes that lie at `position` of the stream; returns how many at the front are done. */
type Filter = (bytes: Uint8Array, length: number, position: number) => number;

export type FilterName = 'delta' | 'x86' | 'powerpc' | 'ia64' | 'arm' | 'armthumb' | 'sparc' | 'arm64' | 'riscv';

/** `argument` is the distance of delta (1 to 256), the start offset of the others. Throws FormatError. */
export function createFilter(name: FilterName, argument: number): Filter | undefined {
  if (name === 'delta') return delta(argument);
  if (name === 'x86') return x86(argument);
  const convert = WORD_FILTERS[name];
  return convert && ((bytes, length, position) => convert(bytes, length, (position + argument) >>> 0));
}

/** `source` with a filter undone. Pieces are of its own buffer. */
export async function* applyFilter(
  source: AsyncIterable<Uint8Array>,
  filter: Filter,
): AsyncGenerator<Uint8Array, void, undefined> {
  let buffer = new Uint8Array(0);
  let held = 0;
  let position = 0;
  try {
    for await (const piece of source) {
      const length = held + piece.length;
      if (length > buffer.length) {
        const grown = new Uint8Array(length + 1024);
        grown.set(buffer.subarray(0, held));
        buffer.fill(0);
        buffer = grown;
      }
      buffer.set(piece, held);
      const done = filter(buffer, length, position);
      if (done > 0) {
        // The consumer may wipe what it gets: what is held back lies behind it.
        yield buffer.subarray(0, done);
        buffer.copyWithin(0, done, length);
      }
      position += done;
      held = length - done;
    }
    if (held > 0) yield buffer.subarray(0, held);
  } finally {
    buffer.fill(0);
  }
}

function delta(distance: number): Filter {
  if (distance < 1 || distance > 256) throw new FormatError('delta.distance');
  const history = new Uint8Array(256);
  let at = 0;
  return (bytes, length) => {
    for (let i = 0; i < length; i++) {
      const value = (bytes[i]! + history[(distance + at) & 255]!) & 255;
      bytes[i] = value;
      history[at & 255] = value;
      at = (at - 1) & 255;
    }
    return length;
  };
}

const isExtension = (byte: number): boolean => byte === 0 || byte === 0xff;
const ALLOWED = [true, true, true, false, true, false, false, false];
const BIT_NUMBER = [0, 1, 2, 2, 3, 3, 3, 3];

/** CALL and JMP (E8, E9) of x86: liblzma's x86.c describes the history that tells opcodes from data. */
function x86(start: number): Filter {
  let mask = 0;
  let last = -5;
  return (bytes, length, position) => {
    const now = position + start;
    if (length < 5) return 0;
    if (position - last > 5) last = position - 5;
    let i = 0;
    for (const limit = length - 5; i <= limit; ) {
      let byte = bytes[i]!;
      if (byte !== 0xe8 && byte !== 0xe9) {
        i++;
        continue;
      }
      const offset = position + i - last;
      last = position + i;
      if (offset > 5) mask = 0;
      else for (let k = 0; k < offset; k++) mask = (mask & 0x77) << 1;
      byte = bytes[i + 4]!;
      if (isExtension(byte) && ALLOWED[(mask >>> 1) & 7] && mask >>> 1 < 16) {
        let source = (byte << 24) | (bytes[i + 3]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 1]!;
        let target = 0;
        for (;;) {
          target = (source - (now + i + 5)) | 0;
          if (mask === 0) break;
          const shift = BIT_NUMBER[mask >>> 1]!;
          byte = (target >>> (24 - shift * 8)) & 255;
          if (!isExtension(byte)) break;
          source = target ^ ((1 << (32 - shift * 8)) - 1);
        }
        bytes[i + 4] = ~(((target >>> 24) & 1) - 1);
        bytes[i + 3] = target >>> 16;
        bytes[i + 2] = target >>> 8;
        bytes[i + 1] = target;
        i += 5;
        mask = 0;
      } else {
        i++;
        mask |= 1;
        if (isExtension(byte)) mask |= 0x10;
      }
    }
    return i;
  };
}

const WORD_FILTERS: Partial<Record<FilterName, Filter>> = {
  powerpc(bytes, length, position) {
    for (let i = 0; i + 4 <= length; i += 4) {
      if (bytes[i]! >>> 2 !== 0x12 || (bytes[i + 3]! & 3) !== 1) continue;
      const source = ((bytes[i]! & 3) << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | (bytes[i + 3]! & ~3);
      const target = (source - (position + i)) | 0;
      bytes[i] = 0x48 | ((target >>> 24) & 3);
      bytes[i + 1] = target >>> 16;
      bytes[i + 2] = target >>> 8;
      bytes[i + 3] = (bytes[i + 3]! & 3) | (target & ~3);
    }
    return length & ~3;
  },
  arm(bytes, length, position) {
    for (let i = 0; i + 4 <= length; i += 4) {
      if (bytes[i + 3] !== 0xeb) continue;
      const source = ((bytes[i + 2]! << 16) | (bytes[i + 1]! << 8) | bytes[i]!) << 2;
      const target = (source - (position + i + 8)) >>> 2;
      bytes[i + 2] = target >>> 16;
      bytes[i + 1] = target >>> 8;
      bytes[i] = target;
    }
    return length & ~3;
  },
  armthumb(bytes, length, position) {
    let i = 0;
    for (; i + 4 <= length; i += 2) {
      if ((bytes[i + 1]! & 0xf8) !== 0xf0 || (bytes[i + 3]! & 0xf8) !== 0xf8) continue;
      const high = ((bytes[i + 1]! & 7) << 19) | (bytes[i]! << 11);
      const source = (high | ((bytes[i + 3]! & 7) << 8) | bytes[i + 2]!) << 1;
      const target = (source - (position + i + 4)) >>> 1;
      bytes[i + 1] = 0xf0 | ((target >>> 19) & 7);
      bytes[i] = target >>> 11;
      bytes[i + 3] = 0xf8 | ((target >>> 8) & 7);
      bytes[i + 2] = target;
      i += 2;
    }
    return i;
  },
  sparc(bytes, length, position) {
    for (let i = 0; i + 4 <= length; i += 4) {
      const near = bytes[i] === 0x40 && (bytes[i + 1]! & 0xc0) === 0;
      const far = bytes[i] === 0x7f && (bytes[i + 1]! & 0xc0) === 0xc0;
      if (!near && !far) continue;
      const source = ((bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!) << 2;
      const moved = (source - (position + i)) >>> 2;
      const target = (((0 - ((moved >>> 22) & 1)) << 22) & 0x3fffffff) | (moved & 0x3fffff) | 0x40000000;
      bytes[i] = target >>> 24;
      bytes[i + 1] = target >>> 16;
      bytes[i + 2] = target >>> 8;
      bytes[i + 3] = target;
    }
    return length & ~3;
  },
  arm64(bytes, length, position) {
    for (let i = 0; i + 4 <= length; i += 4) {
      const word = (bytes[i + 3]! << 24) | (bytes[i + 2]! << 16) | (bytes[i + 1]! << 8) | bytes[i]!;
      let out = word;
      if (word >>> 26 === 0x25) {
        out = 0x94000000 | ((word - ((position + i) >>> 2)) & 0x03ffffff); // BL
      } else if ((word & 0x9f000000) >>> 0 === 0x90000000) {
        const source = ((word >>> 29) & 3) | ((word >>> 3) & 0x1ffffc); // ADRP, within 512 MiB
        if (((source + 0x020000) & 0x1c0000) !== 0) continue;
        const target = source - ((position + i) >>> 12);
        out = (word & 0x9000001f) | ((target & 3) << 29) | ((target & 0x3fffc) << 3);
        out |= (0 - (target & 0x020000)) & 0xe00000;
      } else {
        continue;
      }
      bytes[i] = out;
      bytes[i + 1] = out >>> 8;
      bytes[i + 2] = out >>> 16;
      bytes[i + 3] = out >>> 24;
    }
    return length & ~3;
  },
};
