/** What the two sides of `decode-ahead.ts` share. */
import type { SourceError } from '../../model/errors.ts';
import type { Codec } from './decoders.ts';
import { RING_CONTROLS, SharedRing } from './shared-ring.ts';

/** Rings that fit into the processor's caches: what one side wrote, the other reads from there. */
export const INPUT_BYTES = 2_097_152;
export const OUTPUT_BYTES = 4_194_304;

/** The decoding thread's `workerData`. */
export interface DecodeSetup {
  readonly codec: Codec;
  readonly control: SharedArrayBuffer;
  readonly input: SharedArrayBuffer;
  readonly output: SharedArrayBuffer;
}

/** Its last message; all others only say that something has changed. Neither code nor field: it is done. */
export interface DecodeEnd {
  /** Of a FormatError. */
  readonly field?: string;
  /** Of a SourceError. */
  readonly code?: SourceError['code'];
  readonly detail?: string;
}

/** What the thread waits on: changes with all that it may wait for. */
export const SEQUENCE = 2 * RING_CONTROLS;
/** 1: nothing more comes into the input. */
export const INPUT_ENDED = SEQUENCE + 1;
/** 1: the thread is to end. */
export const STOP = SEQUENCE + 2;
/** 1: the thread waits, or is about to. */
export const THREAD_WAITS = SEQUENCE + 3;
/** 1: whoever puts into the input waits for a message. */
export const FEEDER_WAITS = SEQUENCE + 4;
/** 1: whoever takes from the output does. */
export const READER_WAITS = SEQUENCE + 5;
const CONTROLS = SEQUENCE + 6;

export function createSetup(codec: Codec): DecodeSetup {
  return {
    codec,
    control: new SharedArrayBuffer(4 * CONTROLS),
    input: new SharedArrayBuffer(INPUT_BYTES),
    output: new SharedArrayBuffer(OUTPUT_BYTES),
  };
}

export function openShared(setup: DecodeSetup): { control: Int32Array; input: SharedRing; output: SharedRing } {
  const control = new Int32Array(setup.control);
  return {
    control,
    input: new SharedRing(control.subarray(0, RING_CONTROLS), setup.input),
    output: new SharedRing(control.subarray(RING_CONTROLS, 2 * RING_CONTROLS), setup.output),
  };
}
