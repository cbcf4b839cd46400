/** Decodes a stream in a thread of its own. `decode-ahead.ts` is the other side and says what is exchanged. */
import { parentPort, workerData } from 'node:worker_threads';
import { FormatError, SourceError } from '../../model/errors.ts';
import {
  type DecodeEnd,
  type DecodeSetup,
  FEEDER_WAITS,
  INPUT_BYTES,
  INPUT_ENDED,
  OUTPUT_BYTES,
  openShared,
  READER_WAITS,
  SEQUENCE,
  STOP,
  THREAD_WAITS,
} from './decode-shared.ts';
import { DECODERS } from './decoders.ts';

const setup = workerData as DecodeSetup;
const { control, input, output } = openShared(setup);

class Stopped extends Error {}

function tell(waiter: number): void {
  if (Atomics.exchange(control, waiter, 0) === 1) parentPort?.postMessage('');
}

/** Blocks this thread, which has nothing else to do. Throws Stopped. */
function waitUntil(isReady: () => boolean): void {
  for (;;) {
    const sequence = Atomics.load(control, SEQUENCE);
    Atomics.store(control, THREAD_WAITS, 1);
    if (Atomics.load(control, STOP) === 1) throw new Stopped();
    if (isReady()) break;
    if (output.filled > 0) tell(READER_WAITS);
    Atomics.wait(control, SEQUENCE, sequence);
  }
  Atomics.store(control, THREAD_WAITS, 0);
}

async function* readInput(): AsyncGenerator<Uint8Array, void, undefined> {
  for (;;) {
    if (input.filled === 0) waitUntil(() => input.filled > 0 || Atomics.load(control, INPUT_ENDED) === 1);
    const piece = input.peek(INPUT_BYTES / 4);
    if (piece.length === 0) return;
    yield piece;
    input.release(piece.length);
    if (input.room >= INPUT_BYTES / 2) tell(FEEDER_WAITS);
  }
}

function write(piece: Uint8Array): void {
  for (let done = 0; done < piece.length; ) {
    if (output.room === 0) waitUntil(() => output.room >= OUTPUT_BYTES / 2);
    done += output.put(piece.subarray(done));
    if (output.filled >= OUTPUT_BYTES / 2) tell(READER_WAITS);
  }
}

async function run(): Promise<DecodeEnd> {
  try {
    for await (const piece of DECODERS[setup.codec](readInput())) write(piece);
    return {};
  } catch (error) {
    // Errors lose their class between threads, and anything but ours may quote what was read.
    if (error instanceof FormatError) return { field: error.field };
    if (error instanceof SourceError) return { code: error.code, detail: error.detail };
    return error instanceof Stopped ? {} : { field: `${setup.codec}.thread` };
  }
}

parentPort?.postMessage(await run());
