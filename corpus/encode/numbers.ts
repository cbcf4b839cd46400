/** Numbers as programs lay them out in memory. Input is big-endian bytes; the output is as long as the size asks for. */

interface Digits {
  readonly bits: number;
  readonly slotBytes: number;
  /** What a slot holds where it isn't the digit itself. */
  readonly box?: (digit: bigint) => bigint;
}

const double = (digit: bigint): bigint => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Number(digit));
  return view.getBigUint64(0);
};

const DIGITS: Readonly<Record<string, Digits>> = {
  'cpython-digits': { bits: 30, slotBytes: 4 },
  'tommath-digits': { bits: 60, slotBytes: 8 },
  'mit-scheme-digits': { bits: 62, slotBytes: 8 },
  'pypy-digits': { bits: 63, slotBytes: 8 },
  'tcl-digits': { bits: 28, slotBytes: 4 },
  'double-digits-24': { bits: 24, slotBytes: 8, box: double },
  ...Object.fromEntries(
    [26, 28].flatMap((bits): [string, Digits][] => [
      [`smi-digits-${bits}`, { bits, slotBytes: 8, box: (digit) => digit << 32n }],
      [`compressed-smi-digits-${bits}`, { bits, slotBytes: 4, box: (digit) => digit << 1n }],
      [`jsc-digits-${bits}`, { bits, slotBytes: 8, box: (digit) => 0xfffe_0000_0000_0000n + digit }],
      [`spidermonkey-digits-${bits}`, { bits, slotBytes: 8, box: (digit) => 0xfff8_8000_0000_0000n + digit }],
    ]),
  ),
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

function writeDigits(bytes: Uint8Array, { bits, slotBytes, box = (digit) => digit }: Digits): Uint8Array {
  let rest = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
  const out = Buffer.alloc(Math.ceil((bytes.length * 8) / bits) * slotBytes);
  for (let slot = 0; slot < out.length; slot += slotBytes) {
    const digit = box(BigInt.asUintN(bits, rest));
    if (slotBytes === 8) out.writeBigUInt64LE(digit, slot);
    else out.writeUInt32LE(Number(digit), slot);
    rest >>= BigInt(bits);
  }
  return new Uint8Array(out);
}
