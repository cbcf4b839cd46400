/** Writes .Z files as compress does: LZW, groups of eight codes of one width. */
import type { ContainerSample } from '../dump-sample.ts';

/** `clearAt`: clears the table before the byte at that index. */
function compress(bytes: Uint8Array, maxBits: number, clearAt?: number): Uint8Array {
  const out: number[] = [0x1f, 0x9d, 0x80 | maxBits];
  let width = 9;
  let next = 257;
  let group: number[] = [];
  let table = new Map<string, number>();
  const flush = (isFull: boolean): void => {
    if (group.length === 0) return;
    let bits = 0n;
    for (const [i, code] of group.entries()) bits |= BigInt(code) << BigInt(i * width);
    const count = isFull ? width : Math.ceil((group.length * width) / 8);
    for (let i = 0; i < count; i++) out.push(Number((bits >> BigInt(8 * i)) & 255n));
    group = [];
  };
  const emit = (code: number): void => {
    group.push(code);
    if (group.length === 8) flush(true);
  };
  let prefix = '';
  const codeOf = (text: string): number => (text.length === 1 ? text.charCodeAt(0) : table.get(text)!);
  /** The decoder knows an entry one code later than the encoder. */
  let known = 256;
  for (const [i, byte] of bytes.entries()) {
    const char = String.fromCharCode(byte);
    if (prefix !== '' && (prefix + char).length > 1 && table.has(prefix + char) && i !== clearAt) {
      prefix += char;
      continue;
    }
    if (prefix !== '') {
      emit(codeOf(prefix));
      if (known < 2 ** maxBits) known++;
      if (known > 2 ** width - 1 && width < maxBits) {
        flush(true);
        width++;
      }
      if (next < 2 ** maxBits) table.set(prefix + char, next++);
    }
    if (i === clearAt) {
      emit(256);
      flush(true);
      width = 9;
      next = 257;
      known = 256;
      table = new Map();
    }
    prefix = char;
  }
  if (prefix !== '') emit(codeOf(prefix));
  flush(false);
  return Uint8Array.from(out);
}

export function samples(): readonly ContainerSample[] {
  const text = Uint8Array.from(Buffer.from(Array.from({ length: 3000 }, (_, i) => `line ${i * i} of ${i}\n`).join('')));
  const zeros = new Uint8Array(20_000);
  const sample = (name: string, content: Uint8Array, maxBits: number, clearAt?: number): ContainerSample => ({
    name,
    container: 'compress',
    bytes: compress(content, maxBits, clearAt),
    members: [{ name: '', content }],
    counts: [],
    headerBytes: 10,
  });
  return [
    sample('a few bytes', text.subarray(0, 20), 16),
    sample('text', text, 16),
    sample('12 bits', text, 12),
    sample('zeros', zeros, 16),
    sample('a cleared table', text.subarray(0, 9000), 16, 5000),
  ];
}
