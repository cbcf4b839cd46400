/**
 * Decodes a long stream in a thread of its own, ahead of the search: the two then take as long as the slower of them.
 * Compressed bytes go to the thread and decoded ones come back through rings that both sides share, so memory is bounded
 * and no message carries bytes. A short stream, which would be done before the thread runs, is decoded where it is.
 */

import { Worker } from 'node:worker_threads';
import { builtModule } from '../../model/built-module.ts';
import { FormatError, SourceError } from '../../model/errors.ts';
import {
  createSetup,
  type DecodeEnd,
  FEEDER_WAITS,
  INPUT_ENDED,
  OUTPUT_BYTES,
  openShared,
  READER_WAITS,
  SEQUENCE,
  STOP,
  THREAD_WAITS,
} from './decode-shared.ts';
import { type Codec, DECODERS } from './decoders.ts';
import { HAS_NODE_ZSTD } from './zstd.ts';

/** A thread takes some 40 ms to start; decoding this much takes longer. */
const MIN_THREAD_BYTES = 4_194_304;
/** For the consumer, who wipes it: not so much that the thread has to wait for it. */
const PIECE_BYTES = 262_144;
/** Decoders hold their windows outside of the heap. */
const THREAD_LIMITS = { maxOldGenerationSizeMb: 256 };
/** A thread that was told to stop decodes at most one more block. */
const STOP_MS = 5000;

/** What the decoder named `codec` makes of `source`. Throws what it throws, and FormatError when its thread dies. */
export async function* decodeAhead(
  codec: Codec,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  // Node's own decoder runs in threads already.
  if (codec === 'zstd' && HAS_NODE_ZSTD) {
    yield* DECODERS[codec](source);
    return;
  }
  const pieces = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let isLong = false;
  for (let held = 0; !isLong; isLong = held >= MIN_THREAD_BYTES) {
    const { done, value } = await pieces.next();
    if (done) break;
    first.push(value.slice());
    held += value.length;
  }
  const all = async function* () {
    try {
      for (let piece = first.shift(); piece; piece = first.shift()) {
        yield piece;
        piece.fill(0);
      }
      if (isLong) yield* { [Symbol.asyncIterator]: () => pieces };
    } finally {
      for (const piece of first) piece.fill(0);
      await pieces.return?.();
    }
  };
  yield* isLong ? decodeInThread(codec, all()) : DECODERS[codec](all());
}

async function* decodeInThread(
  codec: Codec,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const setup = createSetup(codec);
  const { control, input, output } = openShared(setup);
  const thread = new Worker(builtModule('src/containers/codecs/decode-thread'), {
    workerData: setup,
    resourceLimits: THREAD_LIMITS,
    stdout: true,
    stderr: true,
  });
  let isClosed = false;
  let end: DecodeEnd | undefined;
  let failure: unknown;
  const waiting: (() => void)[] = [];
  const tell = (): void => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  thread.on('message', (message: DecodeEnd | '') => {
    if (message !== '') end = message;
    tell();
  });
  // It ran out of memory, or crashed; its message may quote input.
  thread.on('error', () => {
    end ??= { field: `${codec}.thread` };
    tell();
  });
  const exited = new Promise<void>((resolve) => {
    thread.on('exit', () => {
      end ??= { field: `${codec}.thread` };
      tell();
      resolve();
    });
  });

  const wake = (): void => {
    if (Atomics.load(control, THREAD_WAITS) === 0) return;
    Atomics.add(control, SEQUENCE, 1);
    Atomics.notify(control, SEQUENCE);
  };
  const waitUntil = async (isReady: () => boolean, waiter: number): Promise<void> => {
    while (!isReady()) {
      Atomics.store(control, waiter, 1);
      if (isReady()) break;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    Atomics.store(control, waiter, 0);
  };
  /** Runs beside the consumer. */
  const feed = async (): Promise<void> => {
    try {
      for await (const piece of source) {
        for (let done = 0; done < piece.length; ) {
          await waitUntil(() => input.room > 0 || end !== undefined || isClosed, FEEDER_WAITS);
          if (end !== undefined || isClosed) return;
          done += input.put(piece.subarray(done));
          wake();
        }
      }
    } catch (error) {
      failure = error;
    } finally {
      Atomics.store(control, INPUT_ENDED, 1);
      wake();
    }
  };
  const fed = feed();
  // Of its own: V8 overwrites shared memory byte by byte, and the consumer overwrites what it has read.
  const piece = new Uint8Array(PIECE_BYTES);
  try {
    for (;;) {
      await waitUntil(() => output.filled > 0 || end !== undefined, READER_WAITS);
      const count = output.take(piece);
      if (count === 0) break;
      if (output.room >= OUTPUT_BYTES / 2) wake();
      yield piece.subarray(0, count);
    }
    await fed;
    // The decoder only saw its input end too early.
    if (failure) throw failure;
    if (end?.code) throw new SourceError(end.code, end.detail ?? codec);
    if (end?.field) throw new FormatError(end.field);
  } finally {
    isClosed = true;
    Atomics.store(control, STOP, 1);
    wake();
    tell();
    await fed;
    const timer = setTimeout(() => void thread.terminate(), STOP_MS);
    await exited;
    clearTimeout(timer);
    input.wipe();
    output.wipe();
    piece.fill(0);
  }
}
