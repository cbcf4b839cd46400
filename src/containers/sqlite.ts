/**
 * SQLite databases (sqlite.org/fileformat2.html): values that overflow their page lie in chains of pages with four bytes
 * of pointer in each, so that a long value is never whole in the file. Each such value is a member; pages themselves are
 * searched as bytes of the file, deleted content included.
 */

import { readExactly } from '../bytes/input-reader.ts';
import { InputWindow } from '../bytes/input-window.ts';
import { hasText, u16be, u32be } from '../bytes/reader.ts';
import { defineContainer } from '../model/container.ts';
import { FormatError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';

const LEAF_TABLE = 13;
const LEAF_INDEX = 10;
const INTERIOR_INDEX = 2;
/** A value is at most 2^31 - 1 bytes (SQLITE_MAX_LENGTH). */
const MAX_VALUE_BYTES = 2 ** 31;

/** Pages that are tracked, a byte each: 256 GiB of usual pages. Values of later ones are still put together. */
const MAX_PAGES = 2 ** 26;

interface Value {
  readonly page: number;
  readonly cell: number;
  readonly local: Uint8Array;
  readonly overflow: number;
  readonly size: number;
}

export default defineContainer({
  id: 'sqlite',
  title: 'SQLite database',
  doc: `
[SQLite 3](https://www.sqlite.org/fileformat2.html) databases: records that span pages (long texts and blobs) are put together from their overflow chains, one member each;
chains that no cell points to any more (deleted values whose pages are still linked) are members too. The pages are searched as bytes of the file as well, so free pages
and deleted records are seen. A write-ahead log is a file of its own and is searched as it is.

A gap: chains that are damaged. Encrypted databases (SQLCipher) are not recognisable: they are searched as bytes.`,
  access: 'random',
  recognise: (head) => hasText(head, 0, 'SQLite format 3\0'),
  async *open(input) {
    const header = await readExactly(input, 0, 100, 'sqlite.header');
    const size = u16be(header, 16)!;
    const pageBytes = size === 1 ? 65_536 : size;
    const usable = pageBytes - header[20]!;
    if (pageBytes < 512 || (pageBytes & (pageBytes - 1)) !== 0 || usable < 480)
      throw new FormatError('sqlite.page_size');
    const pages = Math.floor(input.size / pageBytes);
    // Pages that a chain has used: what is left over and looks like a chain is one that lost its cell.
    const used = new Uint8Array(Math.min(pages + 1, MAX_PAGES));
    const window = new InputWindow(input);
    for (let page = 1; page <= pages; page++) {
      const bytes = await window.read((page - 1) * pageBytes, pageBytes);
      if (bytes.length < pageBytes) throw new FormatError('sqlite.page');
      for (const value of overflowing(bytes, page, usable)) {
        yield {
          name: `page ${page} cell ${value.cell}`,
          size: value.size,
          content: () => readValue(input, value, { pageBytes, usable, pages, used }),
        };
      }
    }
    yield* lostChains(input, { pageBytes, usable, pages, used });
  },
});

interface Database {
  readonly pageBytes: number;
  readonly usable: number;
  readonly pages: number;
  readonly used: Uint8Array;
}

/** Cells of a b-tree page whose payload goes on elsewhere. Total: a page that is no b-tree page has none. */
function* overflowing(bytes: Uint8Array, page: number, usable: number): Generator<Value, void, undefined> {
  const start = page === 1 ? 100 : 0;
  const type = bytes[start]!;
  if (type !== LEAF_TABLE && type !== LEAF_INDEX && type !== INTERIOR_INDEX) return;
  const count = u16be(bytes, start + 3)!;
  const pointers = start + (type === INTERIOR_INDEX ? 12 : 8);
  if (pointers + count * 2 > usable) return;
  // 1.6, "Cell payload overflow pages".
  const most = type === LEAF_TABLE ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  for (let cell = 0; cell < count; cell++) {
    let at = u16be(bytes, pointers + cell * 2)! + (type === INTERIOR_INDEX ? 4 : 0);
    const payload = readVarint(bytes, at);
    at = payload.next;
    if (type === LEAF_TABLE) at = readVarint(bytes, at).next;
    if (payload.value <= most || payload.value > MAX_VALUE_BYTES) continue;
    const surplus = least + ((payload.value - least) % (usable - 4));
    const local = surplus <= most ? surplus : least;
    const overflow = u32be(bytes, at + local);
    if (at + local + 4 > usable || overflow === undefined) continue;
    yield { page, cell, local: bytes.subarray(at, at + local), overflow, size: payload.value };
  }
}

/** Big-endian, seven bits in a byte; all eight of the ninth. */
function readVarint(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[from + i] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, next: from + i + 1 };
  }
  return { value: value * 256 + (bytes[from + 8] ?? 0), next: from + 9 };
}

async function* readValue(
  input: Input,
  { local, overflow, size }: Value,
  { pageBytes, usable, pages, used }: Database,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield local.slice();
  let left = size - local.length;
  // The value's size bounds the chain, even when it is a ring.
  for (let page = overflow; left > 0; ) {
    if (page < 1 || page > pages) throw new FormatError('sqlite.overflow');
    if (page < used.length) used[page] = 1;
    const bytes = await readExactly(input, (page - 1) * pageBytes, pageBytes, 'sqlite.overflow');
    const part = bytes.subarray(4, Math.min(usable, 4 + left));
    left -= part.length;
    page = u32be(bytes, 0)!;
    yield part;
  }
}

/** A page that no value used and that points to another such page may be the rest of a deleted value. */
async function* lostChains(input: Input, database: Database) {
  const { pageBytes, usable, pages, used } = database;
  const window = new InputWindow(input);
  const next = async (page: number): Promise<number> => {
    const bytes = await window.read((page - 1) * pageBytes, 4);
    const pointer = u32be(bytes, 0) ?? 0;
    return pointer > 1 && pointer <= pages && pointer !== page && used[pointer] === 0 ? pointer : 0;
  };
  const pointed = new Uint8Array(used.length);
  for (let page = 2; page < used.length; page++) {
    const target = used[page] === 0 ? await next(page) : 0;
    if (target > 0 && target < pointed.length) pointed[target] = 1;
  }
  for (let page = 2; page < used.length; page++) {
    if (used[page] !== 0 || pointed[page] !== 0 || (await next(page)) === 0) continue;
    yield {
      name: `unlinked pages from ${page}`,
      content: async function* () {
        for (let at = page; at > 0; ) {
          if (used[at] !== 0) return;
          used[at] = 1;
          const bytes = await readExactly(input, (at - 1) * pageBytes, pageBytes, 'sqlite.page');
          yield bytes.subarray(4, usable);
          const target = u32be(bytes, 0)!;
          at = target > 1 && target <= pages ? target : 0;
        }
      },
    };
  }
}
