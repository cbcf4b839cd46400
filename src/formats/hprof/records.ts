/** The outer level of an HPROF file: its header and records ("HPROF binary format", JDK 8), without what is in the heap. */
import type { InputWindow } from '../../bytes/input-window.ts';
import { hasText, u32be } from '../../bytes/reader.ts';
import { size64be } from '../../bytes/uint64.ts';
import { FormatError } from '../../model/errors.ts';
import type { GapCode } from '../../model/finding.ts';

export const TAG = {
  UTF8: 0x01,
  LOAD_CLASS: 0x02,
  UNLOAD_CLASS: 0x03,
  FRAME: 0x04,
  TRACE: 0x05,
  ALLOC_SITES: 0x06,
  HEAP_SUMMARY: 0x07,
  START_THREAD: 0x0a,
  END_THREAD: 0x0b,
  HEAP_DUMP: 0x0c,
  CPU_SAMPLES: 0x0d,
  CONTROL_SETTINGS: 0x0e,
  HEAP_DUMP_SEGMENT: 0x1c,
  HEAP_DUMP_END: 0x2c,
} as const;

const TAGS: ReadonlySet<number> = new Set(Object.values(TAG));

/** u8 tag, u32 microseconds since the header's time, u32 length of the body. */
export const RECORD_HEAD_BYTES = 9;

/** Large servers load 10^5 classes and 10^6 names; beyond this a file is made to keep us busy. */
const MAX_RECORDS = 16_777_216;

export interface HprofHeader {
  /** `1.0.2`. */
  readonly version: string;
  readonly idBytes: 4 | 8;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Where the first record begins. */
  readonly end: number;
}

export interface HprofRecord {
  readonly tag: number;
  /** Of its head; the body begins 9 bytes later. */
  readonly at: number;
  readonly end: number;
}

/** Throws FormatError. */
export async function readHeader(window: InputWindow): Promise<HprofHeader> {
  const head = await window.read(0, 31);
  if (!hasText(head, 0, 'JAVA PROFILE 1.0.') || head[18] !== 0) throw new FormatError('hprof.header');
  const idBytes = u32be(head, 19);
  if (idBytes !== 4 && idBytes !== 8) throw new FormatError('hprof.header.identifier_size');
  const digit = head[17]!;
  return {
    version: `1.0.${digit >= 0x30 && digit <= 0x39 ? digit - 0x30 : '?'}`,
    idBytes,
    time: size64be(head, 23) ?? 0,
    end: 31,
  };
}

export interface RecordsEnd {
  /** Where reading stopped. */
  readonly at: number;
  /** Why, when it is not where the input ends. */
  readonly problem?: GapCode;
  readonly detail: string;
}

/**
 * Calls `visit` for each record, `body` being the bytes of it that are in the window. A stream of which only the
 * beginning can be read again ends without a problem: what comes later has no labels, and is searched all the same.
 */
export async function readRecords(
  window: InputWindow,
  header: HprofHeader,
  visit: (record: HprofRecord) => void | Promise<void>,
): Promise<RecordsEnd> {
  let at = header.end;
  const detail = 'hprof.record';
  for (let n = 0; n < MAX_RECORDS; n++) {
    const head = window.view(at, RECORD_HEAD_BYTES) ?? (await window.read(at, RECORD_HEAD_BYTES));
    if (head.length < RECORD_HEAD_BYTES) {
      const complete = window.cutShort || (head.length === 0 && at <= window.end);
      return { at: Math.min(at, window.end), detail, ...(!complete && { problem: 'truncated' }) };
    }
    const tag = head[0]!;
    if (!TAGS.has(tag)) return { at, detail: `${detail}.tag`, problem: 'format-error' };
    const end = at + RECORD_HEAD_BYTES + u32be(head, 5)!;
    const visited = visit({ tag, at, end });
    if (visited) await visited;
    at = end;
  }
  return { at, detail, problem: 'over-budget' };
}
