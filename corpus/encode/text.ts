/** Numbers and characters as bytes. Every result owns its memory. */

export function concat(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const pieces = parts.map((part) => (typeof part === 'string' ? ascii(part) : part));
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/** Big-endian bytes without leading zeros (zero is empty), or zero-padded in front to `length`. */
export function be(value: bigint, length?: number): Uint8Array {
  const digits = value === 0n ? '' : value.toString(16);
  const bytes = new Uint8Array(Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex'));
  if (length === undefined) return bytes;
  if (bytes.length > length) throw new RangeError(`${bytes.length} bytes do not fit ${length}`);
  const out = new Uint8Array(length);
  out.set(bytes, length - bytes.length);
  return out;
}

export function le(value: bigint, length?: number): Uint8Array {
  return be(value, length).reverse();
}

/** One byte per character; throws above U+00FF, where Latin-1 ends. */
export function ascii(text: string): Uint8Array {
  return units(text, 1, (view, at, code) => {
    if (code > 0xff) throw new RangeError(`U+${code.toString(16)} is not Latin-1`);
    view.setUint8(at, code);
  });
}

export function utf16le(text: string): Uint8Array {
  return units(text, 2, (view, at, code) => view.setUint16(at, code, true));
}

export function utf16be(text: string): Uint8Array {
  return units(text, 2, (view, at, code) => view.setUint16(at, code, false));
}

/** Text of the basic multilingual plane only: keys and their documents are ASCII. */
export function utf32le(text: string): Uint8Array {
  return units(text, 4, (view, at, code) => view.setUint32(at, code, true));
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

export function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function units(text: string, size: number, set: (view: DataView, at: number, code: number) => void): Uint8Array {
  const out = new Uint8Array(text.length * size);
  const view = new DataView(out.buffer);
  for (let i = 0; i < text.length; i++) set(view, i * size, text.charCodeAt(i));
  return out;
}
