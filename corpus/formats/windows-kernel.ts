/** Writes Windows kernel dumps: full, bitmap and triage of 64 and 32 bits, after kdmp-parser's structures. */
import type { DumpSample, Expected } from '../dump-sample.ts';

const PAGE = 4096;

interface Draft {
  readonly view: DataView;
  readonly bytes: Uint8Array;
  readonly counts: { at: number; bytes: 1 | 2 | 4 | 8 }[];
  u32(at: number, value: number): void;
  u64(at: number, value: bigint): void;
}

function draft(size: number, signature: string, headerBytes: number): Draft {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < headerBytes; i++) bytes[i] = 'PAGE'.charCodeAt(i % 4);
  bytes.set(Array.from(signature, (char) => char.charCodeAt(0)));
  const view = new DataView(bytes.buffer);
  const counts: Draft['counts'] = [];
  return {
    view,
    bytes,
    counts,
    u32(at, value) {
      view.setUint32(at, value, true);
      counts.push({ at, bytes: 4 });
    },
    u64(at, value) {
      view.setBigUint64(at, value, true);
      counts.push({ at, bytes: 8 });
    },
  };
}

function header64(out: Draft, type: number): void {
  out.u32(8, 15);
  out.u32(12, 19_041);
  out.u64(0x10, 0x2000n);
  out.u32(0x30, 0x8664);
  out.u32(0x34, 4);
  out.u32(0x38, 0xd1);
  for (let i = 0; i < 4; i++) out.u64(0x40 + i * 8, BigInt(i));
  out.u32(0xf98, type);
  out.u64(0xfa8, 132_000_000_000_000_000n);
}

/** A page at physical 0x9000, mapped by tables at 0x2000 to 0x5000 at kernel address 0xfffff80012345000. */
const VIRTUAL = 0xffff_f800_1234_5000n;
const TARGET = 0x9000n;

function tables(page: (number: number) => number, out: Draft): void {
  const index = (level: number): number => Number((VIRTUAL >> BigInt(12 + 9 * level)) & 511n);
  const chain = [0x2000n, 0x3000n, 0x4000n, 0x5000n, TARGET];
  for (let level = 3; level >= 0; level--) {
    const [from, to] = [chain[3 - level]!, chain[4 - level]!];
    out.view.setBigUint64(page(Number(from >> 12n)) + index(level) * 8, to | 3n, true);
  }
  // The top table maps itself, as Windows has it.
  out.view.setBigUint64(page(2) + 0x1ed * 8, 0x2003n, true);
}

export interface KernelSample {
  readonly sample: DumpSample;
  /** Where a byte of the mapped page lies, and its kernel address. */
  readonly mapped?: { readonly at: number; readonly names: readonly string[] };
}

const mappedAt = (at: number) => ({ at: at + 0x10, names: [`virtual address 0x${(VIRTUAL + 0x10n).toString(16)}`] });

function writeFull(): KernelSample {
  const runs = [
    [1, 6],
    [9, 2],
  ] as const;
  const out = draft(0x2000 + 8 * PAGE, 'PAGEDU64', 0x2000);
  header64(out, 1);
  out.u32(0x88, runs.length);
  out.u64(0x90, 8n);
  for (const [i, [page, count]] of runs.entries()) {
    out.u64(0x98 + i * 16, BigInt(page));
    out.u64(0xa0 + i * 16, BigInt(count));
  }
  const place = (page: number): number => 0x2000 + (page >= 9 ? 6 + page - 9 : page - 1) * PAGE;
  tables(place, out);
  const expected: Expected[] = [
    { start: 0x348, end: 0xf00, kind: 'registers', label: 'context' },
    { start: 0x2000, end: place(9), kind: 'memory', label: 'physical', address: 0x1000n },
    { start: place(9), end: place(9) + 2 * PAGE, kind: 'memory', label: 'physical', address: TARGET },
  ];
  return {
    sample: {
      name: 'full, 64 bits',
      format: 'windows-kernel',
      bytes: out.bytes,
      expected,
      counts: out.counts,
      headerBytes: 64,
    },
    mapped: mappedAt(place(9)),
  };
}

function writeBitmap(): KernelSample {
  const pages = [2, 3, 4, 5, 9];
  const first = 0x3000;
  const out = draft(first + pages.length * PAGE, 'PAGEDU64', 0x2000);
  header64(out, 5);
  out.bytes.set(
    Array.from('FDMPDUMP', (char) => char.charCodeAt(0)),
    0x2000,
  );
  out.u64(0x2020, BigInt(first));
  out.u64(0x2028, BigInt(pages.length));
  out.u64(0x2030, 64n);
  for (const page of pages) out.bytes[0x2038 + (page >> 3)]! |= 1 << (page & 7);
  const place = (page: number): number => first + pages.indexOf(page) * PAGE;
  tables(place, out);
  const expected: Expected[] = [
    { start: first, end: first + 4 * PAGE, kind: 'memory', label: 'physical', address: 0x2000n },
    { start: place(9), end: place(9) + PAGE, kind: 'memory', label: 'physical', address: TARGET },
  ];
  return {
    sample: {
      name: 'bitmap, 64 bits',
      format: 'windows-kernel',
      bytes: out.bytes,
      expected,
      counts: out.counts,
      headerBytes: 64,
    },
    mapped: mappedAt(place(9)),
  };
}

function writeTriage(): KernelSample {
  const out = draft(0x6000, 'PAGEDU64', 0x2000);
  header64(out, 4);
  const field = (at: number, value: number): void => out.u32(0x2000 + at, value);
  field(4, 0x6000);
  field(0x28, 0x3000);
  field(0x2c, 0x200);
  out.u64(0x2048, 0xffff_a000_0000_1000n);
  field(0x30, 0x2100);
  field(0x34, 1);
  field(0x38, 0x2800);
  field(0x3c, 0x40);
  field(0x70, 0x2900);
  field(0x74, 0x80);
  field(0x78, 0x2a00);
  field(0x7c, 2);
  out.u32(0x2100, 0x2800);
  out.u64(0x2100 + 0x38, 0xffff_f800_0000_0000n);
  out.u32(0x2100 + 0x48, 0x5000);
  out.u32(0x2800, 5);
  for (let i = 0; i < 5; i++) out.view.setUint16(0x2804 + i * 2, 'a.sys'.charCodeAt(i), true);
  const blocks = [
    [0xffff_b000_0000_0000n, 0x4000, 0x800],
    [0xffff_c000_0000_0000n, 0x5000, 0x1000],
  ] as const;
  const expected: Expected[] = [
    { start: 0x3000, end: 0x3200, kind: 'stack', label: 'call stack', address: 0xffff_a000_0000_1000n },
  ];
  for (const [i, [address, at, size]] of blocks.entries()) {
    out.u64(0x2a00 + i * 16, address);
    out.u32(0x2a08 + i * 16, at);
    out.u32(0x2a0c + i * 16, size);
    expected.push({ start: at, end: at + size, kind: 'memory', label: 'data block', address });
  }
  return {
    sample: {
      name: 'triage, 64 bits',
      format: 'windows-kernel',
      bytes: out.bytes,
      expected,
      counts: out.counts,
      headerBytes: 64,
    },
  };
}

function write32(): KernelSample {
  const out = draft(0x1000 + 3 * PAGE, 'PAGEDUMP', 0x1000);
  out.u32(0x20, 0x14c);
  out.u32(0x24, 1);
  out.u32(0x28, 0xa);
  out.u32(0x64, 1);
  out.u32(0x68, 3);
  out.u32(0x6c, 0x100);
  out.u32(0x70, 3);
  out.u32(0xf88, 1);
  const expected: Expected[] = [{ start: 0x1000, end: 0x4000, kind: 'memory', label: 'physical', address: 0x10_0000n }];
  return {
    sample: {
      name: 'full, 32 bits',
      format: 'windows-kernel',
      bytes: out.bytes,
      expected,
      counts: out.counts,
      headerBytes: 64,
    },
  };
}

function header32(out: Draft, type: number): void {
  out.u32(0x20, 0x14c);
  out.u32(0x24, 1);
  out.u32(0x28, 0xa);
  out.u32(0x64, 0x45474150);
  out.u32(0xf88, type);
}

/** Of 32 bits: as Windows 8 and later have it, and SUMMARY_DUMP32 of earlier ones. */
function writeBitmap32(isOld: boolean): KernelSample {
  const pages = [2, 3, 9];
  const first = 0x2000;
  const out = draft(first + pages.length * PAGE, 'PAGEDUMP', 0x1000);
  header32(out, isOld ? 2 : 5);
  out.bytes.set(
    Array.from(isOld ? 'SDMPDUMP' : 'FDMPDUMP', (char) => char.charCodeAt(0)),
    0x1000,
  );
  if (isOld) {
    out.u32(0x100c, first);
    out.u32(0x1010, 64);
    out.u32(0x1014, pages.length);
    out.u32(0x1018, 64);
  } else {
    out.u64(0x1020, BigInt(first));
    out.u64(0x1028, BigInt(pages.length));
    out.u64(0x1030, 64n);
  }
  for (const page of pages) out.bytes[(isOld ? 0x1020 : 0x1038) + (page >> 3)]! |= 1 << (page & 7);
  const expected: Expected[] = [
    { start: first, end: first + 2 * PAGE, kind: 'memory', label: 'physical', address: 0x2000n },
    { start: first + 2 * PAGE, end: first + 3 * PAGE, kind: 'memory', label: 'physical', address: 0x9000n },
  ];
  const name = isOld ? 'kernel, 32 bits' : 'bitmap, 32 bits';
  return {
    sample: { name, format: 'windows-kernel', bytes: out.bytes, expected, counts: out.counts, headerBytes: 64 },
  };
}

function writeTriage32(): KernelSample {
  const out = draft(0x4000, 'PAGEDUMP', 0x1000);
  header32(out, 4);
  const field = (at: number, value: number): void => out.u32(0x1000 + at, value);
  field(4, 0x4000);
  field(0x28, 0x2000);
  field(0x2c, 0x200);
  field(0x38, 0x1800);
  field(0x3c, 0x40);
  field(0x48, 0x8a00_1000);
  field(0x58, 0x1900);
  field(0x5c, 0x80);
  field(0x60, 0x1a00);
  field(0x64, 1);
  out.u64(0x1a00, 0xffff_ffff_8b00_0000n);
  out.u32(0x1a08, 0x3000);
  out.u32(0x1a0c, 0x1000);
  const expected: Expected[] = [
    { start: 0x2000, end: 0x2200, kind: 'stack', label: 'call stack', address: 0x8a00_1000n },
    { start: 0x3000, end: 0x4000, kind: 'memory', label: 'data block', address: 0x8b00_0000n },
  ];
  const name = 'triage, 32 bits';
  return {
    sample: { name, format: 'windows-kernel', bytes: out.bytes, expected, counts: out.counts, headerBytes: 64 },
  };
}

export function writeAll(): readonly KernelSample[] {
  return [
    writeFull(),
    writeBitmap(),
    writeTriage(),
    write32(),
    writeBitmap32(false),
    writeBitmap32(true),
    writeTriage32(),
  ];
}

export function samples(): readonly DumpSample[] {
  return writeAll().map(({ sample }) => sample);
}
