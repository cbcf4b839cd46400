/** A minidump in the making: header, directory, and the places of what is written between (minidumpapiset.h). */
import type { DumpSample, Expected } from '../dump-sample.ts';
import { ByteWriter } from './byte-writer.ts';

/** A stretch of memory, and what it is expected to be called. */
export type Range = Pick<Expected, 'kind' | 'label' | 'thread'> & {
  readonly address: number;
  readonly content: Uint8Array;
  /** Parts of it that mean something else. */
  readonly parts?: readonly {
    readonly at: number;
    readonly bytes: number;
    readonly kind: Expected['kind'];
    readonly label: string;
  }[];
};

/** A minidump in the making: streams are appended, and the directory written over its place at the end. */
export class MinidumpFile {
  readonly out: ByteWriter;
  readonly counts: DumpSample['counts'][number][] = [
    { at: 8, bytes: 4 },
    { at: 12, bytes: 4 },
  ];
  readonly expected: Expected[] = [];
  readonly #entries: (readonly [type: number, size: number, rva: number])[] = [];
  readonly #unaligned: boolean;

  constructor(streams: number, { littleEndian = true, unaligned = false } = {}) {
    this.out = new ByteWriter(littleEndian).u32(0x504d444d, 0x0004a793, streams, 32, 0, 1_700_000_000).u64(2);
    this.out.zeros(streams * 12);
    this.#unaligned = unaligned;
  }

  /** Where the next thing may be written. */
  place(): number {
    if (this.#unaligned) this.out.u8(...(this.out.at % 2 === 0 ? [0] : []));
    else this.out.align(4);
    return this.out.at;
  }

  blob(content: ArrayLike<number>): number {
    const rva = this.place();
    this.out.bytes(content);
    return rva;
  }

  string(text: string): number {
    const rva = this.place();
    this.out
      .u32(text.length * 2)
      .utf16(text)
      .u16(0);
    return rva;
  }

  /** Writes a stream with `write`; `countBytes` is the size of the count it begins with. */
  stream(type: number, write: (out: ByteWriter) => void, countBytes: 0 | 4 | 8 = 0, countAt = 0): number {
    const rva = this.place();
    write(this.out);
    this.#entries.push([type, this.out.at - rva, rva]);
    if (countBytes > 0) this.counts.push({ at: rva + countAt, bytes: countBytes as 4 | 8 });
    return rva;
  }

  /** A stream that is opaque bytes, and is expected under `label`. */
  opaque(type: number, content: ArrayLike<number>, label: string, kind: Expected['kind'] = 'stream'): void {
    const rva = this.stream(type, (out) => out.bytes(content));
    this.expected.push({ start: rva, end: rva + content.length, kind, label });
  }

  unused(): void {
    this.#entries.push([0, 0, 0]);
  }

  expectRange(rva: number, range: Range): void {
    const { address, content, parts = [], ...region } = range;
    const { thread, ...meaning } = region;
    let at = 0;
    const until = (end: number): void => {
      if (end > at) {
        const whole = { start: rva + at, end: rva + end, address: BigInt(address + at), ...meaning };
        this.expected.push(thread === undefined ? whole : { ...whole, thread });
      }
    };
    for (const part of parts) {
      until(part.at);
      const start = rva + part.at;
      this.expected.push({
        start,
        end: start + part.bytes,
        kind: part.kind,
        label: part.label,
        address: BigInt(address + part.at),
      });
      at = part.at + part.bytes;
    }
    until(content.length);
  }

  finish(name: string, facts: Pick<DumpSample, 'process' | 'threads'> = {}): DumpSample {
    for (const [i, [type, size, rva]] of this.#entries.entries()) {
      const at = 32 + i * 12;
      this.out
        .patch32(at, type)
        .patch32(at + 4, size)
        .patch32(at + 8, rva);
      this.counts.push({ at: at + 4, bytes: 4 }, { at: at + 8, bytes: 4 });
    }
    const bytes = this.out.finish();
    const memory = this.expected.filter(({ address }) => address !== undefined).map(({ start }) => start);
    const headerBytes = Math.min(bytes.length, ...(memory.length > 0 ? memory : [bytes.length]));
    return { name, format: 'minidump', bytes, expected: this.expected, counts: this.counts, headerBytes, ...facts };
  }
}
