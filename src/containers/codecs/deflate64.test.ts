import { describe, expect, it } from 'vitest';
import { concat } from '../../../corpus/encode/text.ts';
import { createRng } from '../../../corpus/rng.ts';
import { decodeDeflate64 } from './deflate64.ts';

/** Writes blocks with the fixed codes (RFC 1951, 3.2.6). */
class Encoder {
  readonly #bytes: number[] = [];
  #hold = 0;
  #count = 0;

  bits(value: number, count: number): this {
    for (let i = 0; i < count; i++) {
      this.#hold |= ((value >>> i) & 1) << this.#count;
      if (++this.#count === 8) {
        this.#bytes.push(this.#hold);
        this.#hold = this.#count = 0;
      }
    }
    return this;
  }

  /** Codes go highest bit first. */
  code(value: number, count: number): this {
    for (let i = count - 1; i >= 0; i--) this.bits(value >>> i, 1);
    return this;
  }

  begin(isLast: boolean): this {
    return this.bits(isLast ? 1 : 0, 1).bits(1, 2);
  }

  literals(bytes: Uint8Array): this {
    for (const byte of bytes) this.code(byte < 144 ? 0x30 + byte : 0x190 + byte - 144, byte < 144 ? 8 : 9);
    return this;
  }

  /** By the last length code, 16 extra bits, and one of the two distance codes that deflate lacks. */
  longMatch(length: number, distance: number): this {
    const code = distance >= 49_153 ? 31 : 30;
    const base = code === 31 ? 49_153 : 32_769;
    return this.code(0xc5, 8)
      .bits(length - 3, 16)
      .code(code, 5)
      .bits(distance - base, 14);
  }

  end(): this {
    return this.code(0, 7);
  }

  stored(bytes: Uint8Array, isLast: boolean): this {
    this.bits(isLast ? 1 : 0, 1).bits(0, 2);
    while (this.#count > 0) this.bits(0, 1);
    this.bits(bytes.length, 16).bits(bytes.length ^ 0xffff, 16);
    for (const byte of bytes) this.bits(byte, 8);
    return this;
  }

  done(): Uint8Array {
    while (this.#count > 0) this.bits(0, 1);
    return Uint8Array.from(this.#bytes);
  }
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

async function decode(bytes: Uint8Array, size = 65_536): Promise<{ bytes: Uint8Array; error: unknown }> {
  const parts: Uint8Array[] = [];
  try {
    for await (const piece of decodeDeflate64(inPieces(bytes, size))) {
      parts.push(piece.slice());
      piece.fill(0);
    }
    return { bytes: concat(...parts), error: undefined };
  } catch (error) {
    return { bytes: concat(...parts), error };
  }
}

const rng = createRng('deflate64');
const text = rng.bytes(65_000);
const repeated = (length: number, distance: number, before: Uint8Array): Uint8Array => {
  const out = concat(before, new Uint8Array(length));
  for (let i = before.length; i < out.length; i++) out[i] = out[i - distance]!;
  return out;
};

describe('decodeDeflate64', () => {
  const encoded = new Encoder()
    .begin(false)
    .literals(text)
    .longMatch(65_538, 64_999)
    .longMatch(40_000, 33_000)
    .longMatch(65_538, 65_000)
    .longMatch(65_538, 65_000)
    .longMatch(65_538, 65_000)
    .end()
    .stored(text.subarray(0, 999), true)
    .done();
  let plain = repeated(40_000, 33_000, repeated(65_538, 64_999, text));
  for (let i = 0; i < 3; i++) plain = repeated(65_538, 65_000, plain);
  plain = concat(plain, text.subarray(0, 999));

  it.each([1, 7, 65_536])('reads distances up to 64 KiB and long matches, in pieces of %d', async (size) => {
    const { bytes, error } = await decode(encoded, size);
    expect(error).toBeUndefined();
    expect(Buffer.compare(bytes, plain)).toBe(0);
  });

  it('gives what came before a cut, and says that it is one', async () => {
    const { bytes, error } = await decode(encoded.subarray(0, 40_000));
    expect(error).toMatchObject({ code: 'truncated', detail: 'deflate64.data' });
    expect(bytes.length).toBeGreaterThan(30_000);
    expect(Buffer.compare(bytes, plain.subarray(0, bytes.length))).toBe(0);
  });

  it.each([
    ['a distance beyond what there is', new Encoder().begin(true).literals(text.subarray(0, 9)).longMatch(3, 40_000)],
    ['a reserved block', new Encoder().bits(7, 3)],
    ['a stored length that its complement denies', new Encoder().bits(1, 8).bits(5, 16).bits(5, 16)],
  ])('refuses %s', async (_, encoder) => {
    expect((await decode(encoder.bits(0, 400).done())).error).toMatchObject({ name: 'FormatError' });
  });

  it('ends, wherever the damage is', async () => {
    for (let i = 0; i < 200; i++) {
      const damaged = encoded.slice(0, 3000);
      const noise = createRng(`deflate64 ${i}`);
      for (const byte of noise.bytes(8)) damaged[(byte * 12) % damaged.length]! ^= byte | 1;
      const { bytes } = await decode(damaged);
      expect(bytes.length).toBeLessThan(2 ** 28);
    }
  });
});
