/** Numbers as programs lay them out in memory. Input is big-endian bytes; the output is as long as the size asks for. */

interface Digits {
  readonly bits: number;
  readonly slotBytes: number;
  /** Zero bytes before the digit in its slot. */
  readonly skip: number;
}

const DIGITS: Readonly<Record<string, Digits>> = {
  'cpython-digits': { bits: 30, slotBytes: 4, skip: 0 },
  'tommath-digits': { bits: 60, slotBytes: 8, skip: 0 },
  'mit-scheme-digits': { bits: 62, slotBytes: 8, skip: 0 },
  'pypy-digits': { bits: 63, slotBytes: 8, skip: 0 },
  'tcl-digits': { bits: 28, slotBytes: 4, skip: 0 },
  'smi-digits-28': { bits: 28, slotBytes: 8, skip: 4 },
  'smi-digits-26': { bits: 26, slotBytes: 8, skip: 4 },
};

/** Names of all layouts. */
export const LAYOUTS: readonly string[] = ['big-endian', 'little-endian', 'java-ints', ...Object.keys(DIGITS)];

/** The number in the layout of that name; throws RangeError when there is none. */
export function writeNumber(layout: string, bytes: Uint8Array): Uint8Array {
  if (layout === 'big-endian') return bytes.slice();
  if (layout === 'little-endian') return bytes.toReversed();
  if (layout === 'java-ints') return writeInts(bytes);
  const digits = DIGITS[layout];
  if (!digits) throw new RangeError(layout);
  return writeDigits(bytes, digits);
}

function writeInts(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  padded.set(bytes, padded.length - bytes.length);
  for (let at = 0; at < padded.length; at += 4) padded.subarray(at, at + 4).reverse();
  return padded;
}

function writeDigits(bytes: Uint8Array, { bits, slotBytes, skip }: Digits): Uint8Array {
  let rest = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
  const out = Buffer.alloc(Math.ceil((bytes.length * 8) / bits) * slotBytes);
  for (let slot = 0; slot < out.length; slot += slotBytes) {
    const digit = BigInt.asUintN(bits, rest);
    if (slotBytes - skip === 8) out.writeBigUInt64LE(digit, slot + skip);
    else out.writeUInt32LE(Number(digit), slot + skip);
    rest >>= BigInt(bits);
  }
  return new Uint8Array(out);
}
