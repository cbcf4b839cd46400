/** Numbers as programs lay them out in memory. Input is big-endian bytes; the output is as long as the size asks for. */

interface Digits {
  readonly bits: number;
  readonly slotBytes: number;
  /** What the word behind each value but the last holds, in slots of sixteen bytes. */
  readonly type?: bigint;
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
  'int-digits-26': { bits: 26, slotBytes: 4 },
  'wide-int-digits-30': { bits: 30, slotBytes: 16, type: 0n },
  'wide-int-digits-31': { bits: 31, slotBytes: 16, type: 0n },
  'wide-int-digits-32': { bits: 32, slotBytes: 16, type: 0n },
  'smi-digits-30': { bits: 30, slotBytes: 8, box: (digit) => digit << 32n },
  'jsc-digits-30': { bits: 30, slotBytes: 8, box: (digit) => 0xfffe_0000_0000_0000n + digit },
  'spidermonkey-digits-30': { bits: 30, slotBytes: 8, box: (digit) => 0xfff8_8000_0000_0000n + digit },
  ...Object.fromEntries(
    [24, 26, 28].flatMap((bits): [string, Digits][] => [
      [`wide-int-digits-${bits}`, { bits, slotBytes: 16, type: 0n }],
      [`wide-double-digits-${bits}`, { bits, slotBytes: 16, type: 0n, box: double }],
      [`double-digits-${bits}`, { bits, slotBytes: 8, box: double }],
      [`hermes-digits-${bits}`, { bits, slotBytes: 4, box: (digit) => digit * 8n + 4n }],
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

function writeDigits(bytes: Uint8Array, { bits, slotBytes, type, box = (digit) => digit }: Digits): Uint8Array {
  let rest = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
  // Only numbers on P-521 have 66 bytes.
  const digits = Math.ceil((bytes.length === 66 ? 521 : bytes.length * 8) / bits);
  const out = Buffer.alloc(digits * slotBytes);
  for (let slot = 0; slot < out.length; slot += slotBytes) {
    const digit = box(BigInt.asUintN(bits, rest));
    if (slotBytes >= 8) out.writeBigUInt64LE(digit, slot);
    else out.writeUInt32LE(Number(digit), slot);
    if (type !== undefined) out.writeBigUInt64LE(type, slot + 8);
    rest >>= BigInt(bits);
  }
  return new Uint8Array(type === undefined ? out : out.subarray(0, -8));
}
