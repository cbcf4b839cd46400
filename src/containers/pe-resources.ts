/**
 * Windows executables (PE/COFF specification): resources, and what follows the last section (installers, self-extracting
 * archives, signatures). They lie in the file unchanged; as members, what is inside them is opened in turn. What
 * .NET compilers embed of debug information ("PE/COFF Specification Addendum", type 17 of the debug directory) is deflated.
 */
import { readExactly, readSpan } from '../bytes/input-reader.ts';
import { hasBytes, hasText, u16le, u32le } from '../bytes/reader.ts';
import { defineContainer, type Member, type MemberGap } from '../model/container.ts';
import { FormatError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';
import { inflateExactly } from './codecs/node-stream.ts';

const SECTION_BYTES = 40;
/** The loader takes 96. */
const MAX_SECTIONS = 1024;
/** Three levels of tables: type, name, language. Real files have a few thousand resources. */
const MAX_LEVEL = 3;
const MAX_RESOURCES = 100_000;
/** Compilers write a handful of entries of the debug directory. */
const DEBUG_ENTRY_BYTES = 28;
const MAX_DEBUG_ENTRIES = 1000;
const EMBEDDED_PORTABLE_PDB = 17;
const TYPES: Readonly<Record<number, string>> = {
  1: 'CURSOR',
  2: 'BITMAP',
  3: 'ICON',
  4: 'MENU',
  5: 'DIALOG',
  6: 'STRING',
  9: 'ACCELERATOR',
  10: 'RCDATA',
  11: 'MESSAGETABLE',
  12: 'GROUP_CURSOR',
  14: 'GROUP_ICON',
  16: 'VERSION',
  23: 'HTML',
  24: 'MANIFEST',
};

interface Section {
  readonly name: string;
  readonly address: number;
  readonly start: number;
  readonly size: number;
}

export default defineContainer({
  id: 'pe-resources',
  title: 'Windows executable (PE)',
  doc: `
Sections, resources, and the bytes after the last section of [PE files](https://learn.microsoft.com/en-us/windows/win32/debug/pe-format) (exe, dll, sys, ocx, efi): each is a member with its
place in the file, and archives in resources or behind the sections (self-extracting ones) are opened. So is the debug information that .NET compilers
embed ([\`portable-pdb\`](#portable-pdb)).

A gap: resource tables and debug directories that are damaged. Packed code (UPX and others) is searched as bytes.`,
  access: 'random',
  recognise(head) {
    const at = hasText(head, 0, 'MZ') ? u32le(head, 60) : undefined;
    return at !== undefined && hasBytes(head, at, [0x50, 0x45, 0, 0]);
  },
  async *open(input) {
    const dos = await readExactly(input, 0, 64, 'pe.dos_header');
    const at = u32le(dos, 60)!;
    const coff = await readExactly(input, at, 24, 'pe.coff_header');
    const optionalBytes = u16le(coff, 20)!;
    const sectionCount = u16le(coff, 6)!;
    if (sectionCount > MAX_SECTIONS) throw new FormatError('pe.sections');
    const optional = await readExactly(input, at + 24, optionalBytes, 'pe.optional_header');
    const table = await readExactly(input, at + 24 + optionalBytes, sectionCount * SECTION_BYTES, 'pe.sections');
    const sections: Section[] = [];
    for (let i = 0; i < sectionCount; i++) {
      const entry = table.subarray(i * SECTION_BYTES, (i + 1) * SECTION_BYTES);
      const name = new TextDecoder('latin1').decode(entry.subarray(0, 8)).replace(/\0.*$/s, '');
      sections.push({ name, address: u32le(entry, 12)!, size: u32le(entry, 16)!, start: u32le(entry, 20)! });
    }
    const directories = u16le(optional, 0) === 0x20b ? 112 : 96;
    const resourceAddress = u32le(optional, directories + 16) ?? 0;
    const holder = resourceAddress > 0 ? sections.find((section) => holds(section, resourceAddress)) : undefined;
    let end = 0;
    for (const section of sections) {
      if (section.size === 0) continue;
      end = Math.max(end, section.start + section.size);
      // The section of resources is given resource by resource.
      if (section !== holder) yield span(input, `section ${section.name}`, section.start, section.size);
    }
    const toOffset = (address: number): number | undefined => {
      const section = sections.find((candidate) => holds(candidate, address));
      return section && address - section.address + section.start;
    };
    if (holder) {
      yield* orGap(readResources(input, resourceAddress - holder.address + holder.start, toOffset));
    }
    const debugAddress = u32le(optional, directories + 48) ?? 0;
    const debugBytes = u32le(optional, directories + 52) ?? 0;
    if (debugAddress > 0 && debugBytes > 0) yield* orGap(readDebugDirectory(input, toOffset(debugAddress), debugBytes));
    if (end < input.size && Number.isFinite(input.size)) yield span(input, 'overlay', end, input.size - end);
  },
});

const holds = ({ address, size }: Section, target: number): boolean => target >= address && target < address + size;

function span(input: Input, name: string, start: number, size: number): Member {
  const end = start + size;
  return {
    name,
    size,
    ...(end <= input.size ? { stored: { start, end } } : {}),
    content: () => readSpan(input, start, end, 'pe.span'),
  };
}

/** What is damaged costs its own part. */
async function* orGap(
  members: AsyncGenerator<Member | MemberGap>,
): AsyncGenerator<Member | MemberGap, void, undefined> {
  try {
    yield* members;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    yield { code: 'format-error', detail: error.field };
  }
}

/** Of what the debug directory points to, what the bytes of the file don't show. */
async function* readDebugDirectory(
  input: Input,
  start: number | undefined,
  bytes: number,
): AsyncGenerator<Member, void, undefined> {
  const count = Math.floor(bytes / DEBUG_ENTRY_BYTES);
  if (start === undefined || count > MAX_DEBUG_ENTRIES) throw new FormatError('pe.debug_directory');
  const table = await readExactly(input, start, count * DEBUG_ENTRY_BYTES, 'pe.debug_directory');
  for (let at = 0; at < table.length; at += DEBUG_ENTRY_BYTES) {
    if (u32le(table, at + 12) !== EMBEDDED_PORTABLE_PDB) continue;
    const size = u32le(table, at + 16)!;
    const from = u32le(table, at + 24)!;
    const head = await readExactly(input, from, 8, 'pe.embedded_pdb');
    if (!hasText(head, 0, 'MPDB') || size < 8) throw new FormatError('pe.embedded_pdb');
    const inflated = u32le(head, 4)!;
    yield {
      name: 'embedded PDB',
      size: inflated,
      content: () =>
        inflateExactly(readSpan(input, from + 8, from + size, 'pe.embedded_pdb'), inflated, 'pe.embedded_pdb'),
    };
  }
}

async function* readResources(
  input: Input,
  base: number,
  toOffset: (address: number) => number | undefined,
): AsyncGenerator<Member | MemberGap, void, undefined> {
  const visited = new Set<number>();
  let count = 0;
  const stack = [{ at: 0, level: 0, path: 'resource' }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { at, level, path } = next;
    if (visited.has(at)) continue;
    if (level >= MAX_LEVEL) throw new FormatError('pe.resource_directory');
    visited.add(at);
    const head = await readExactly(input, base + at, 16, 'pe.resource_directory');
    const entries = u16le(head, 12)! + u16le(head, 14)!;
    const table = await readExactly(input, base + at + 16, entries * 8, 'pe.resource_directory');
    for (let i = 0; i < entries; i++, count++) {
      if (count >= MAX_RESOURCES) {
        yield { code: 'over-budget', detail: 'pe.resources' };
        return;
      }
      const id = u32le(table, i * 8)!;
      const target = u32le(table, i * 8 + 4)!;
      const name = id >= 2 ** 31 ? await readName(input, base + id - 2 ** 31) : (level === 0 && TYPES[id]) || `${id}`;
      if (target >= 2 ** 31) {
        stack.push({ at: target - 2 ** 31, level: level + 1, path: `${path}/${name}` });
        continue;
      }
      const data = await readExactly(input, base + target, 16, 'pe.resource_data');
      const start = toOffset(u32le(data, 0)!);
      if (start === undefined) throw new FormatError('pe.resource_data');
      yield span(input, `${path}/${name}`, start, u32le(data, 4)!);
    }
  }
}

/** A count of UTF-16 units, then the units. */
async function readName(input: Input, at: number): Promise<string> {
  const length = u16le(await readExactly(input, at, 2, 'pe.resource_name'), 0)!;
  return new TextDecoder('utf-16le').decode(
    await readExactly(input, at + 2, Math.min(length, 256) * 2, 'pe.resource_name'),
  );
}
