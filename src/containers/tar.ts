/**
 * tar: v7, ustar, pax, GNU and Solaris, one archive or several in a row, holes of sparse files as zeros.
 * The trap: a size can lie about what follows, so where no header follows, the next one is looked for.
 */
import { ForwardReader } from '../bytes/forward-reader.ts';
import { defineContainer, type Member, type MemberGap } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';
import {
  BLOCK_BYTES,
  type Extent,
  gnuExtents,
  type Header,
  hasChecksum,
  isZeroBlock,
  parseDecimal,
  parsePax,
  readHeader,
  readText,
  toExtents,
} from './codecs/tar-headers.ts';

/** Pax headers and long names are held; maps of sparse files make them long. */
const MAX_EXTENSION_BYTES = 4_194_304;
/** Numbers in a sparse map. */
const MAX_EXTENTS = 1_000_000;
const ZERO_BYTES = 1_048_576;
const MAX_GAPS = 100;

/** Types without a content, whatever their size says: links, devices, directories, FIFOs, volume labels. */
const BODILESS = '123456V';

interface Extensions {
  name?: string | undefined;
  pax?: Map<string, string[]> | undefined;
}

const padded = (bytes: number): number => Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;

/** What is stored, with the holes between as zeros. */
async function* unfold(
  reader: ForwardReader,
  extents: readonly Extent[],
  fullBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let zeros: Uint8Array | undefined;
  let at = 0;
  const hole = function* (to: number) {
    while (at < to) {
      zeros ??= new Uint8Array(ZERO_BYTES);
      // The consumer may have written to it.
      const piece = zeros.fill(0).subarray(0, Math.min(ZERO_BYTES, to - at));
      at += piece.length;
      yield piece;
    }
  };
  for (const extent of extents) {
    yield* hole(extent.at);
    yield* reader.content(extent.bytes, 'tar.sparse');
    at += extent.bytes;
  }
  yield* hole(fullBytes);
}

/** The map of pax sparse 1.0, which lies before the data: decimal lines in whole blocks. Undefined when it is no map. */
async function readInnerMap(reader: ForwardReader, most: number): Promise<Extent[] | undefined> {
  const start = reader.at;
  const numbers: (number | undefined)[] = [];
  let rest = '';
  let wanted = 1;
  while (numbers.length < wanted) {
    if (reader.at - start >= most || numbers.length > MAX_EXTENTS * 2) return undefined;
    const block = await reader.take(BLOCK_BYTES);
    if (block.length < BLOCK_BYTES) return undefined;
    const lines = (rest + String.fromCharCode(...block)).split('\n');
    rest = lines.pop()!;
    if (rest.length > BLOCK_BYTES * 2) return undefined;
    for (const line of lines) numbers.push(parseDecimal(line));
    const count = numbers[0];
    if (numbers.length > 0) {
      if (count === undefined || count > MAX_EXTENTS) return undefined;
      wanted = 1 + count * 2;
    }
  }
  return toExtents(numbers.slice(1, wanted));
}

/** Extents and full size of a sparse file by its pax records or its GNU header; undefined when it is not sparse. */
async function readSparse(
  reader: ForwardReader,
  block: Uint8Array,
  header: Header,
  pax: ReadonlyMap<string, string[]>,
  bytes: number,
): Promise<{ readonly extents: readonly Extent[]; readonly fullBytes: number } | undefined> {
  const first = (key: string): string | undefined => pax.get(key)?.[0];
  const end = (extents: readonly Extent[]): number => extents.reduce((_, { at, bytes }) => at + bytes, 0);
  let extents: Extent[] | undefined;
  let full = parseDecimal(first('GNU.sparse.realsize') ?? first('GNU.sparse.size') ?? first('SCHILY.realsize'));
  if (header.type === 'S') {
    const numbers = gnuExtents(block, 386, 4);
    let isExtended = block[482] === 1;
    const realField = block.slice(483, 495);
    while (isExtended && numbers.length < MAX_EXTENTS) {
      const more = await reader.take(BLOCK_BYTES);
      if (more.length < BLOCK_BYTES) throw new SourceError('truncated', 'tar.sparse');
      numbers.push(...gnuExtents(more, 0, 21));
      isExtended = more[504] === 1;
    }
    extents = isExtended ? undefined : toExtents(numbers);
    full = parseDecimal(String(Number.parseInt(readText(realField).trim(), 8)));
  } else if (first('GNU.sparse.major') === '1') extents = await readInnerMap(reader, bytes);
  else if (pax.has('GNU.sparse.map')) extents = toExtents(first('GNU.sparse.map')!.split(',').map(parseDecimal));
  else if (pax.has('GNU.sparse.offset')) {
    const lengths = pax.get('GNU.sparse.numbytes') ?? [];
    extents = toExtents(pax.get('GNU.sparse.offset')!.flatMap((at, i) => [parseDecimal(at), parseDecimal(lengths[i])]));
  } else return undefined;
  if (!extents) throw new FormatError('tar.sparse');
  return { extents, fullBytes: Math.max(full ?? 0, end(extents)) };
}

async function* open(input: Input): AsyncGenerator<Member | MemberGap> {
  const reader = new ForwardReader(input);
  let extensions: Extensions = {};
  let gaps = 0;
  let entries = 0;
  let isEnded = false;
  try {
    for (;;) {
      const start = reader.at;
      const block = await reader.peek(BLOCK_BYTES);
      if (block.length === 0) break;
      if (isZeroBlock(block)) {
        // Two of them end an archive; another one may follow.
        isEnded = true;
        await reader.skip(BLOCK_BYTES);
        continue;
      }
      if (!hasChecksum(block)) {
        if (entries === 0) throw new FormatError('tar.checksum');
        await findHeader(reader);
        // What follows the end is not the archive's.
        if (!isEnded && gaps++ < MAX_GAPS) {
          const code = block.length < BLOCK_BYTES ? 'truncated' : 'format-error';
          yield { code, span: { start, end: reader.at }, detail: 'tar.checksum' };
        }
        continue;
      }
      isEnded = false;
      entries++;
      const header = readHeader(block);
      const own = block.slice();
      await reader.skip(BLOCK_BYTES);
      if ('xgXLKA'.includes(header.type)) {
        const bytes = header.bytes ?? Number.POSITIVE_INFINITY;
        const isHeld = bytes <= MAX_EXTENSION_BYTES;
        const body = isHeld ? await reader.peek(bytes) : undefined;
        const gap = readExtension(header.type, body, bytes, extensions);
        if (gap && gaps++ < MAX_GAPS) yield { code: gap, span: { start, end: reader.at }, detail: 'tar.extension' };
        // One that is too long to be true is not skipped: what it would hide is looked through.
        if (isHeld || bytes <= input.size - reader.at) await reader.skip(padded(bytes));
        continue;
      }
      yield* openEntry(reader, own, header, extensions);
      extensions = {};
    }
  } finally {
    reader.close();
  }
}

/** Takes what an extension says; returns the code of a gap when it can't be read. */
function readExtension(
  type: string,
  body: Uint8Array | undefined,
  bytes: number,
  extensions: Extensions,
): 'too-large' | 'truncated' | 'format-error' | undefined {
  if (!body) return Number.isFinite(bytes) ? 'too-large' : 'format-error';
  if (type === 'L') extensions.name = readText(body);
  else if (type === 'x' || type === 'X') {
    extensions.pax = parsePax(body);
    if (!extensions.pax) return body.length < bytes ? 'truncated' : 'format-error';
  }
  return body.length < bytes ? 'truncated' : undefined;
}

async function* openEntry(
  reader: ForwardReader,
  block: Uint8Array,
  header: Header,
  extensions: Extensions,
): AsyncGenerator<Member | MemberGap> {
  const pax = extensions.pax ?? new Map<string, string[]>();
  const first = (key: string): string | undefined => pax.get(key)?.[0];
  const name = first('GNU.sparse.name') ?? first('path') ?? extensions.name ?? header.name;
  const paxSize = first('size');
  let bytes = paxSize === undefined ? header.bytes : parseDecimal(paxSize);
  if (bytes === undefined) {
    // No telling where the content ends: what follows is looked through for the next header.
    const start = reader.at;
    await findHeader(reader);
    yield { code: 'format-error', name, span: { start, end: reader.at }, detail: 'tar.size' };
    return;
  }
  if (BODILESS.includes(header.type)) {
    // Hard links of pax carry their content, those of old writers a size only.
    const isLink = header.type === '1' && bytes > 0;
    if (!isLink || hasChecksum(await reader.peek(BLOCK_BYTES))) return;
    if (isZeroBlock(await reader.peek(BLOCK_BYTES)) && !header.isUstar) bytes = 0;
  }
  const start = reader.at;
  let sparse: Awaited<ReturnType<typeof readSparse>>;
  try {
    sparse = await readSparse(reader, block, header, pax, bytes);
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof SourceError)) throw error;
    yield { code: error instanceof SourceError ? error.code : 'format-error', name, detail: 'tar.sparse' };
  }
  // (`SUN.holesdata` only tells where holes were: Solaris stores them.)
  // The blocks of a GNU map are not counted in the size, those of pax 1.0 are.
  const dataAt = reader.at;
  const end = Math.max(dataAt, (header.type === 'S' ? dataAt : start) + bytes);
  if (bytes > 0 || (sparse && sparse.fullBytes > 0)) {
    const content = () =>
      sparse ? unfold(reader, sparse.extents, sparse.fullBytes) : reader.content(end - dataAt, 'tar.size');
    const stored = sparse ? {} : { stored: { start: dataAt, end } };
    yield { name, size: sparse?.fullBytes ?? bytes, ...stored, content };
  }
  await reader.skip(Math.max(0, end - reader.at));
  await reader.skip(padded(end - start) - (end - start));
}

/** Goes to the next header, in steps of blocks as all of them lie, or to the end. */
async function findHeader(reader: ForwardReader): Promise<void> {
  for (let first = true; ; first = false) {
    const bytes = await reader.peek(first ? BLOCK_BYTES * 2 : 65_536);
    let at = first ? BLOCK_BYTES : 0;
    while (at + BLOCK_BYTES <= bytes.length && !hasChecksum(bytes.subarray(at, at + BLOCK_BYTES))) at += BLOCK_BYTES;
    const isEnd = bytes.length < BLOCK_BYTES;
    await reader.skip(isEnd ? bytes.length : Math.min(at, bytes.length));
    if (isEnd || at + BLOCK_BYTES <= bytes.length) return;
  }
}

export default defineContainer({
  id: 'tar',
  title: 'tar',
  doc: `v7, ustar, pax (paths, sizes), GNU (long names, binary sizes, multi-volume parts), sparse files of GNU (old, 0.0, 0.1, 1.0)
with their holes as zeros, several archives in a row. Images that \`docker save\` writes are such archives, with layers that are
archives in turn. A damaged header or a size that lies is a gap, and the next header is looked for. Source: POSIX pax, GNU tar manual.`,
  access: 'sequential',
  recognise: (head) => hasChecksum(head.subarray(0, BLOCK_BYTES)),
  open,
});
