/**
 * Pages in zstd where Node has it not (before 22.15): one WebAssembly instance for all of them, made anew after a damaged
 * page. Each page is a frame of its own.
 */
import { FormatError } from '../../model/errors.ts';
import { createWasmZstd, type WasmZstd } from '../codecs/zstd-wasm.ts';

/** Each costs a new instance, some milliseconds: a dump with more is made to keep us busy, and its other pages are gaps too. */
const MAX_DAMAGED = 256;

export class ZstdPages {
  #damaged = 0;
  #zstd: WasmZstd | undefined;

  /** The page, of exactly `pageBytes`, in memory of its own; undefined when it is damaged. */
  async parse(stored: Uint8Array, pageBytes: number): Promise<Uint8Array | undefined> {
    if (this.#damaged >= MAX_DAMAGED) return undefined;
    const page = new Uint8Array(pageBytes);
    let filled = 0;
    try {
      this.#zstd ??= await createWasmZstd();
      for await (const part of this.#zstd.decodeFrame(once(stored))) {
        if (part.length > pageBytes - filled) throw new FormatError('kdump.page.data');
        page.set(part, filled);
        filled += part.length;
      }
      return filled === pageBytes ? page : undefined;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.#damaged++;
      this.close();
      return undefined;
    }
  }

  /** Wipes what is left of the last pages. */
  close(): void {
    this.#zstd?.close();
    this.#zstd = undefined;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
