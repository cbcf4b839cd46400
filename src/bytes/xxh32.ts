/** xxHash 32-bit (github.com/Cyan4973/xxHash, doc/xxhash_spec.md), fed in pieces: the checksum of lz4 frames. */

const P1 = 0x9e3779b1;
const P2 = 0x85ebca77;
const P3 = 0xc2b2ae3d;
const P4 = 0x27d4eb2f;
const P5 = 0x165667b1;

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));
const wordAt = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);

export class Xxh32 {
  #a = (P1 + P2) | 0;
  #b = P2 | 0;
  #c = 0;
  #d = -P1 | 0;
  #length = 0;
  readonly #rest = new Uint8Array(16);

  update(bytes: Uint8Array): void {
    let at = 0;
    const held = this.#length & 15;
    this.#length += bytes.length;
    if (held > 0) {
      at = Math.min(16 - held, bytes.length);
      this.#rest.set(bytes.subarray(0, at), held);
      if (held + at < 16) return;
      this.#stripes(this.#rest, 0, 16);
    }
    const end = at + ((bytes.length - at) & ~15);
    this.#stripes(bytes, at, end);
    this.#rest.set(bytes.subarray(end));
  }

  /** Of all bytes so far, unsigned. */
  digest(): number {
    let hash =
      this.#length >= 16
        ? (rotate(this.#a, 1) + rotate(this.#b, 7) + rotate(this.#c, 12) + rotate(this.#d, 18)) | 0
        : P5;
    hash = (hash + this.#length) | 0;
    const held = this.#length & 15;
    let at = 0;
    for (; at + 4 <= held; at += 4) {
      hash = Math.imul(rotate((hash + Math.imul(wordAt(this.#rest, at), P3)) | 0, 17), P4);
    }
    for (; at < held; at++) hash = Math.imul(rotate((hash + Math.imul(this.#rest[at]!, P5)) | 0, 11), P1);
    hash = Math.imul(hash ^ (hash >>> 15), P2);
    hash = Math.imul(hash ^ (hash >>> 13), P3);
    return (hash ^ (hash >>> 16)) >>> 0;
  }

  #stripes(bytes: Uint8Array, start: number, end: number): void {
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let d = this.#d;
    for (let at = start; at < end; at += 16) {
      a = Math.imul(rotate((a + Math.imul(wordAt(bytes, at), P2)) | 0, 13), P1);
      b = Math.imul(rotate((b + Math.imul(wordAt(bytes, at + 4), P2)) | 0, 13), P1);
      c = Math.imul(rotate((c + Math.imul(wordAt(bytes, at + 8), P2)) | 0, 13), P1);
      d = Math.imul(rotate((d + Math.imul(wordAt(bytes, at + 12), P2)) | 0, 13), P1);
    }
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
  }
}

export function xxh32(bytes: Uint8Array): number {
  const hash = new Xxh32();
  hash.update(bytes);
  return hash.digest();
}
