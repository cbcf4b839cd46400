/**
 * Mach-O images in the memory of a core: by the list that lldb writes ("all image infos"), else by their headers at the
 * beginning of segments. loader.h of XNU; lldb ObjectFileMachO for the notes.
 */
import { Fields } from '../../bytes/fields.ts';
import { toHex } from '../../bytes/public-text.ts';
import type { InputReader } from '../../bytes/random-reader.ts';
import type { LayoutModule } from '../../model/format.ts';
import type { Meaning, Memory, Stored } from '../layout/memory.ts';

/** macOS maps 600 libraries into a small program. */
const MAX_IMAGES = 16_384;
const MAX_COMMANDS = 1024;
const ENTRY_BYTES = 48;
const PATH_BYTES = 1024;
const LC_SEGMENT = 0x1;
const LC_ID_DYLIB = 0xd;
const LC_SEGMENT_64 = 0x19;
const LC_UUID = 0x1b;
/** filetype: MH_EXECUTE, MH_DYLIB, MH_DYLINKER, MH_BUNDLE, MH_FILESET; kernels and their extensions: MH_KEXT_BUNDLE. */
const IMAGE_TYPES = [2, 6, 7, 8, 11, 12];
const MH_EXECUTE = 2;

interface Image {
  readonly module: LayoutModule;
  readonly executable: boolean;
  readonly segments: readonly { readonly name: string; readonly address: bigint; readonly bytes: bigint }[];
}

/** Whether `bytes` begin with the magic of a Mach-O file of this byte order, and how wide its addresses are. */
export function machWidth(fields: Fields): 4 | 8 | undefined {
  const magic = fields.u32(0);
  return magic === 0xfeedface ? 4 : magic === 0xfeedfacf ? 8 : undefined;
}

function uuidText(bytes: Uint8Array): string | undefined {
  return bytes.length === 16 && bytes.some((byte) => byte !== 0) ? toHex(bytes) : undefined;
}

/** version 1, count, file offset of the entries, size of one; an entry: path, UUID, address, its segments, their number. */
export async function readImageList(reader: InputReader, at: number, littleEndian: boolean): Promise<LayoutModule[]> {
  const head = new Fields(await reader.read(at, 24), littleEndian);
  const [count, entriesAt, stride] = [head.u32(4), head.size64(8), head.u32(16)];
  const modules: LayoutModule[] = [];
  if (head.u32(0) !== 1 || stride < ENTRY_BYTES || stride > 4096) return modules;
  for (let i = 0; i < Math.min(count, MAX_IMAGES); i++) {
    const entry = new Fields(await reader.read(entriesAt + i * stride, ENTRY_BYTES), littleEndian);
    if (!entry.has(0, ENTRY_BYTES)) break;
    const path = new Fields(await reader.read(entry.size64(0), PATH_BYTES), littleEndian).text(0, PATH_BYTES);
    const buildId = uuidText(entry.bytes.subarray(8, 24));
    modules.push({ name: path, address: entry.u64(24), size: 0n, ...(buildId ? { buildId } : {}) });
  }
  return modules;
}

/** The image whose header is at `address` in memory; undefined when there is none. */
async function readImage(memory: Memory, address: bigint, littleEndian: boolean): Promise<Image | undefined> {
  const head = new Fields(await memory.read(address, 32), littleEndian);
  const width = machWidth(head);
  const [type, count, size] = [head.u32(12), head.u32(16), head.u32(20)];
  if (!width || !IMAGE_TYPES.includes(type) || size > 1 << 20) return undefined;
  const headBytes = width === 8 ? 32 : 28;
  const commands = new Fields(await memory.read(address + BigInt(headBytes), size), littleEndian);
  const segments: { name: string; address: bigint; bytes: bigint }[] = [];
  let [name, buildId]: [string, string | undefined] = ['', undefined];
  for (let at = 0, i = 0; commands.has(at, 8) && i < Math.min(count, MAX_COMMANDS); i++) {
    const [command, bytes] = [commands.u32(at), commands.u32(at + 4)];
    if (bytes < 8) break;
    if (command === LC_UUID) buildId = uuidText(commands.bytes.subarray(at + 8, at + 24));
    if (command === LC_ID_DYLIB) name = commands.text(at + commands.u32(at + 8), bytes);
    if (command === LC_SEGMENT_64 || command === LC_SEGMENT) {
      const wide = command === LC_SEGMENT_64 ? 8 : 4;
      const [start, length] = [commands.word(at + 24, wide), commands.word(at + 24 + wide, wide)];
      segments.push({ name: commands.text(at + 8, 16), address: start, bytes: length });
    }
    at += bytes;
  }
  // Addresses in the header are those that the linker chose: __TEXT says how far the image was moved.
  const text = segments.find((segment) => segment.name === '__TEXT');
  const slide = address - (text?.address ?? address);
  const moved = segments.filter((segment) => segment.name !== '__PAGEZERO' && segment.name !== '__LINKEDIT');
  return {
    module: { name, address, size: text?.bytes ?? 0n, ...(buildId ? { buildId } : {}) },
    executable: type === MH_EXECUTE,
    segments: moved.map((segment) => ({ ...segment, address: segment.address + slide })),
  };
}

/** Modules with what their headers in memory add, and what lies where because of them. */
export async function readImages(
  memory: Memory,
  stored: readonly Stored[],
  listed: readonly LayoutModule[],
  littleEndian: boolean,
): Promise<{ readonly modules: LayoutModule[]; readonly meanings: Meaning[]; readonly executable?: string }> {
  const modules: LayoutModule[] = [];
  const meanings: Meaning[] = [];
  let executable: string | undefined;
  const addresses = listed.length > 0 ? listed.map(({ address }) => address) : stored.map(({ address }) => address);
  for (const [i, address] of addresses.slice(0, MAX_IMAGES).entries()) {
    const known = listed[i];
    const image = await readImage(memory, address, littleEndian);
    if (!image) {
      if (known) modules.push(known);
      continue;
    }
    const name = known?.name || image.module.name || (image.executable ? 'executable' : 'image');
    modules.push({ ...image.module, ...(known?.buildId ? { buildId: known.buildId } : {}), name });
    const short = name.slice(name.lastIndexOf('/') + 1);
    if (image.executable && known) executable ??= short;
    for (const segment of image.segments) {
      const [start, end] = [segment.address, segment.address + segment.bytes];
      meanings.push({ start, end, rank: 3, kind: 'image', label: `${short} ${segment.name}` });
    }
  }
  return { modules, meanings, ...(executable ? { executable } : {}) };
}
