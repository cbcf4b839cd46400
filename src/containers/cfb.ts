/**
 * Compound files ([MS-CFB]): msi, Office 97 documents, Thumbs.db, Outlook messages. Streams are chains of sectors; small
 * ones are chains of mini sectors within the root's stream. Streams that no storage lists are members as well.
 */
import { readExactly, readUpTo } from '../bytes/input-reader.ts';
import { hasBytes, u16le, u32le } from '../bytes/reader.ts';
import { defineContainer, type MemberGap } from '../model/container.ts';
import { FormatError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';

const HEADER_BYTES = 512;
const ENTRY_BYTES = 128;
/** Largest regular sector number; above are markers of free, end and FAT sectors. */
const MAX_SECTOR = 0xfffffffa;
/** FAT entries held in memory, 4 bytes each: a file of 32 GiB with sectors of 512 bytes. */
const MAX_FAT_ENTRIES = 2 ** 26;
const MAX_ENTRIES = 1_000_000;
const NONE = 0xffffffff;

interface Entry {
  readonly name: string;
  readonly type: number;
  readonly left: number;
  readonly right: number;
  readonly child: number;
  readonly start: number;
  readonly size: number;
}

export default defineContainer({
  id: 'cfb',
  title: 'Compound File (OLE2)',
  doc: `
[MS-CFB](https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-cfb/) versions 3 and 4: Windows Installer packages and patches (names are decoded),
Office 97 to 2003 documents, Outlook messages, thumbnail caches. Each stream is a member, also those that are in no storage; sectors in no stream are
searched as bytes of the file.

A gap: chains that loop, leave the file or are too short.`,
  access: 'random',
  recognise: (head) => hasBytes(head, 0, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
  async *open(input) {
    const header = await readExactly(input, 0, HEADER_BYTES, 'cfb.header');
    const sectorBits = u16le(header, 30)!;
    if ((sectorBits !== 9 && sectorBits !== 12) || u16le(header, 32) !== 6) throw new FormatError('cfb.sector_shift');
    const file = new CompoundFile(input, 2 ** sectorBits);
    await file.readFat(header);
    const directory = await file.chain(u32le(header, 48)!, 'cfb.directory');
    const { entries, gaps } = await readEntries(file, directory, u16le(header, 26) === 3);
    yield* gaps;
    const root = entries[0];
    if (!root) throw new FormatError('cfb.directory');
    const cutoff = u32le(header, 56)!;
    const mini = await file.readMiniFat(u32le(header, 60)!, root).catch((error: unknown) => {
      if (error instanceof FormatError) return error.field;
      throw error;
    });
    if (typeof mini === 'string') yield { code: 'format-error', detail: mini };
    for (const [index, path] of listStreams(entries)) {
      const { start, size } = entries[index]!;
      if (size >= cutoff) {
        const sectors = await file.chain(start, 'cfb.stream', Math.ceil(size / file.sectorBytes)).catch(onlyFormat);
        if (sectors instanceof FormatError) {
          yield { code: 'format-error', name: path, detail: sectors.field };
          continue;
        }
        const stored = file.contiguous(sectors, size);
        yield { name: path, size, ...(stored && { stored }), content: () => file.content(sectors, size) };
      } else if (size > 0 && typeof mini !== 'string') {
        yield { name: path, size, content: () => mini(start, size) };
      }
    }
  },
});

const onlyFormat = (error: unknown): FormatError => {
  if (error instanceof FormatError) return error;
  throw error;
};

class CompoundFile {
  readonly sectorBytes: number;
  private readonly input: Input;
  private fat: Uint32Array = new Uint32Array(0);

  constructor(input: Input, sectorBytes: number) {
    this.input = input;
    this.sectorBytes = sectorBytes;
  }

  private at(sector: number): number {
    return (sector + 1) * this.sectorBytes;
  }

  /** The first 109 sectors of the FAT are listed in the header, the rest in a chain of sectors. */
  async readFat(header: Uint8Array): Promise<void> {
    const sectors: number[] = [];
    const perSector = this.sectorBytes / 4;
    const most = Math.min(MAX_FAT_ENTRIES, Math.ceil(this.input.size / this.sectorBytes) + perSector);
    const add = (sector: number): void => {
      if (sector <= MAX_SECTOR && sectors.length * perSector < most) sectors.push(sector);
    };
    for (let i = 0; i < 109; i++) add(u32le(header, 76 + i * 4)!);
    let next = u32le(header, 68)!;
    for (let count = 0; next <= MAX_SECTOR && count * (perSector - 1) * perSector < most; count++) {
      const block = await readExactly(this.input, this.at(next), this.sectorBytes, 'cfb.difat');
      for (let i = 0; i < perSector - 1; i++) add(u32le(block, i * 4)!);
      next = u32le(block, this.sectorBytes - 4)!;
    }
    this.fat = new Uint32Array(sectors.length * perSector).fill(NONE);
    for (const [i, sector] of sectors.entries()) {
      const block = await readUpTo(this.input, this.at(sector), this.sectorBytes);
      for (let k = 0; k + 4 <= block.length; k += 4) this.fat[i * perSector + k / 4] = u32le(block, k)!;
    }
  }

  /** Sectors of a chain, at most `most`. Throws FormatError when it loops, or is shorter than `most`. */
  async chain(start: number, field: string, most = NONE): Promise<number[]> {
    const sectors: number[] = [];
    for (let sector = start; sector <= MAX_SECTOR && sectors.length < most; sector = this.fat[sector]!) {
      if (sector >= this.fat.length || sectors.length > this.fat.length) throw new FormatError(`${field}.chain`);
      sectors.push(sector);
    }
    if (most !== NONE && sectors.length < most) throw new FormatError(`${field}.chain`);
    return sectors;
  }

  contiguous(sectors: readonly number[], size: number): { start: number; end: number } | undefined {
    const start = this.at(sectors[0]!);
    const whole = sectors.every((sector, i) => sector === sectors[0]! + i) && start + size <= this.input.size;
    return whole ? { start, end: start + size } : undefined;
  }

  async *content(sectors: readonly number[], size: number): AsyncGenerator<Uint8Array, void, undefined> {
    let left = size;
    for (let i = 0; i < sectors.length && left > 0; ) {
      // Neighbours are read at once.
      let count = 1;
      while (i + count < sectors.length && count < 256 && sectors[i + count] === sectors[i]! + count) count++;
      const length = Math.min(left, count * this.sectorBytes);
      yield await readExactly(this.input, this.at(sectors[i]!), length, 'cfb.sector');
      left -= length;
      i += count;
    }
    if (left > 0) throw new FormatError('cfb.stream.size');
  }

  async bytesOf(sectors: readonly number[], from: number, count: number): Promise<Uint8Array> {
    const out = new Uint8Array(count);
    for (let done = 0; done < count; ) {
      const at = from + done;
      const sector = sectors[Math.floor(at / this.sectorBytes)];
      const within = at % this.sectorBytes;
      const length = Math.min(count - done, this.sectorBytes - within);
      if (sector === undefined) throw new FormatError('cfb.sector');
      out.set(await readExactly(this.input, this.at(sector) + within, length, 'cfb.sector'), done);
      done += length;
    }
    return out;
  }

  /** A reader of streams of mini sectors (64 bytes). */
  async readMiniFat(
    start: number,
    root: Entry,
  ): Promise<(start: number, size: number) => AsyncGenerator<Uint8Array, void, undefined>> {
    const fatSectors = await this.chain(start, 'cfb.minifat');
    const fat = new Uint32Array((fatSectors.length * this.sectorBytes) / 4);
    let at = 0;
    for await (const piece of this.content(fatSectors, fat.length * 4)) {
      for (let i = 0; i + 4 <= piece.length; i += 4) fat[at++] = u32le(piece, i)!;
    }
    const holder = await this.chain(root.start, 'cfb.ministream');
    const read = this.bytesOf.bind(this);
    return async function* (first, size) {
      let left = size;
      let sector = first;
      for (let count = 0; left > 0; count++) {
        if (sector >= fat.length || count > fat.length) throw new FormatError('cfb.ministream.chain');
        const length = Math.min(64, left);
        yield await read(holder, sector * 64, length);
        left -= length;
        sector = fat[sector]!;
      }
    };
  }
}

async function readEntries(
  file: CompoundFile,
  sectors: readonly number[],
  shortSizes: boolean,
): Promise<{ entries: Entry[]; gaps: MemberGap[] }> {
  const entries: Entry[] = [];
  const gaps: MemberGap[] = [];
  try {
    for await (const piece of file.content(sectors, sectors.length * file.sectorBytes)) {
      for (let at = 0; at + ENTRY_BYTES <= piece.length; at += ENTRY_BYTES) {
        if (entries.length >= MAX_ENTRIES) {
          gaps.push({ code: 'over-budget', detail: 'cfb.directory' });
          return { entries, gaps };
        }
        let name = '';
        const length = Math.min(u16le(piece, at + 64)!, 64);
        for (let i = 0; i + 2 < length; i += 2) name += String.fromCharCode(u16le(piece, at + i)!);
        entries.push({
          name: decodeInstallerName(name),
          type: piece[at + 66]!,
          left: u32le(piece, at + 68)!,
          right: u32le(piece, at + 72)!,
          child: u32le(piece, at + 76)!,
          start: u32le(piece, at + 116)!,
          // Version 3 leaves garbage in the upper half.
          size: u32le(piece, at + 120)! + (shortSizes ? 0 : u32le(piece, at + 124)! * 2 ** 32),
        });
      }
    }
  } catch (error) {
    gaps.push({ code: 'format-error', detail: onlyFormat(error).field });
  }
  return { entries, gaps };
}

const INSTALLER = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._';

/** Windows Installer packs two characters of 64 into one of U+3800 to U+47FF; U+4840 marks a table. */
function decodeInstallerName(name: string): string {
  return Array.from(name, (char) => {
    const code = char.charCodeAt(0);
    if (code === 0x4840) return '!';
    if (code < 0x3800 || code > 0x483f) return char;
    const low = (code - 0x3800) & 63;
    return code >= 0x4800 ? INSTALLER[code - 0x4800]! : INSTALLER[low]! + INSTALLER[((code - 0x3800) >> 6) & 63]!;
  }).join('');
}

/** Index and path of every stream: those of the tree first, then those that are in no storage. */
function listStreams(entries: readonly Entry[]): [number, string][] {
  const streams: [number, string][] = [];
  const seen = new Set<number>([0]);
  const stack: { index: number; path: string }[] = [{ index: entries[0]!.child, path: '' }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const entry = entries[next.index];
    if (!entry || seen.has(next.index)) continue;
    seen.add(next.index);
    const path = next.path ? `${next.path}/${entry.name}` : entry.name;
    if (entry.type === 2) streams.push([next.index, path]);
    if (entry.type === 1) stack.push({ index: entry.child, path });
    stack.push({ index: entry.right, path: next.path }, { index: entry.left, path: next.path });
  }
  for (const [index, entry] of entries.entries()) {
    if (entry.type === 2 && !seen.has(index)) streams.push([index, `(unlisted)/${entry.name}`]);
  }
  return streams;
}
