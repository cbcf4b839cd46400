/**
 * libzstd as WebAssembly, from the `zstddec` package: compiled once per thread, a fresh instance for each frame, so that
 * nothing is left of a damaged one. The package's own `decodeStreaming` never ends on corrupt input: it is not used.
 */
import { FormatError } from '../../model/errors.ts';

interface Exports {
  readonly memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  ZSTD_createDCtx(): number;
  ZSTD_DStreamInSize(): number;
  ZSTD_DStreamOutSize(): number;
  /** `size_t`: what is left to come (0 at the end of a frame), or an error code. Buffers: pointer, size, position. */
  ZSTD_decompressStream(context: number, output: number, input: number): number;
}

/** `ZSTD_isError`: the highest values of size_t are negated error codes, of which there are 120 (zstd_errors.h). */
const FIRST_ERROR = 2 ** 32 - 120;

let loading: Promise<WebAssembly.Module> | undefined;

async function loadModule(): Promise<WebAssembly.Module> {
  // Only here: most inputs need none.
  const { ZSTDDecoder } = await import('zstddec/stream');
  class ModuleLoader extends ZSTDDecoder {
    module: WebAssembly.Module | undefined;
    override _init(result: WebAssembly.WebAssemblyInstantiatedSource): void {
      super._init(result);
      this.module = result.module;
    }
  }
  const loader = new ModuleLoader();
  // The package binds `_init` before ours is in place unless it is a property of the object.
  loader._init = loader._init.bind(loader);
  await loader.init();
  if (!loader.module) throw new Error('zstddec gave no module');
  return loader.module;
}

export interface WasmZstd {
  /** One frame, given in pieces that end with it. Gives views of one buffer, each valid until the next. Throws FormatError. */
  decodeFrame(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined>;
  /** Wipes its memory. */
  close(): void;
}

/** An instance of its own for one stream of frames; after a damaged frame it is of no use. */
export async function createWasmZstd(): Promise<WasmZstd> {
  const module = await (loading ??= loadModule());
  const instance = new WebAssembly.Instance(module, { env: { emscripten_notify_memory_growth() {} } });
  const zstd = instance.exports as unknown as Exports;
  const inputBytes = zstd.ZSTD_DStreamInSize() + 16; // a block, its header, and the checksum
  const outputBytes = zstd.ZSTD_DStreamOutSize();
  const context = zstd.ZSTD_createDCtx();
  const inputAt = zstd.malloc(inputBytes);
  const outputAt = zstd.malloc(outputBytes);
  const input = zstd.malloc(12);
  const output = zstd.malloc(12);
  let view = new DataView(zstd.memory.buffer);
  // The memory grows when a window is allocated: older views are dead then.
  const renew = (): DataView => (view.buffer === zstd.memory.buffer ? view : (view = new DataView(zstd.memory.buffer)));

  /** Sets a ZSTD_inBuffer or ZSTD_outBuffer: pointer, size, position. */
  const setBuffer = (at: number, pointer: number, size: number): void => {
    view.setUint32(at, pointer, true);
    view.setUint32(at + 4, size, true);
    view.setUint32(at + 8, 0, true);
  };

  let frames = 0;
  return {
    async *decodeFrame(pieces) {
      let left = 1;
      frames++;
      for await (const piece of pieces) {
        if (piece.length > inputBytes) throw new FormatError('zstd.block');
        renew();
        new Uint8Array(view.buffer).set(piece, inputAt);
        setBuffer(input, inputAt, piece.length);
        for (let read = 0, made = 0; read < piece.length || made === outputBytes; ) {
          setBuffer(output, outputAt, outputBytes);
          left = zstd.ZSTD_decompressStream(context, output, input) >>> 0;
          if (left > FIRST_ERROR) throw new FormatError('zstd.block');
          renew();
          const stalled = view.getUint32(input + 8, true) === read;
          read = view.getUint32(input + 8, true);
          made = view.getUint32(output + 8, true);
          if (made > 0) yield new Uint8Array(view.buffer, outputAt, made);
          else if (stalled && read < piece.length) throw new FormatError('zstd.block');
          if (left === 0) break;
        }
      }
      if (left !== 0) throw new FormatError('zstd.frame');
    },
    close() {
      // The memory begins at 16 MiB, most of it never touched. In one frame nothing is freed: a new block lies behind all others.
      const used = frames > 1 ? 0 : zstd.malloc(outputBytes);
      new Uint8Array(zstd.memory.buffer).fill(0, 0, used || undefined);
    },
  };
}
