/**
 * Whether bare numbers in an artifact are worth combining: in dumps, and in whatever has no beginning that tells otherwise.
 * Programs, libraries, images and documents hold tables of numbers by the thousand and no live keys; searching them all
 * takes longer than the rest of the scan.
 */
import { hasBytes, hasText, u16be, u16le, u32be, u32le } from '../bytes/reader.ts';

const ET_CORE = 4;
const MH_CORE = 4;
const MACH_O = [0xfeedface, 0xfeedfacf];

/** First bytes of files that are no memory. Sources: each format's specification. */
const OTHER_TEXTS = [
  '!<arch>\n', // static libraries
  '\x89PNG\r\n\x1a\n',
  '\xff\xd8\xff', // JPEG
  'GIF8',
  'RIFF',
  'OggS',
  'fLaC',
  'ID3',
  '%PDF-',
  'wOFF',
  'wOF2',
  'OTTO',
  'true\0',
  '\0\x01\0\0\0', // TrueType
  '\0asm',
  '\xca\xfe\xba\xbe', // Java classes, fat Mach-O
  'SQLite format 3\0',
  'Microsoft C/C++ MSF 7.00',
  'BC\xc0\xde', // LLVM bitcode
  'MZ',
];

/** ELF and Mach-O files but cores. */
function isProgram(head: Uint8Array): boolean {
  if (hasText(head, 0, '\x7fELF')) return (head[5] === 2 ? u16be(head, 16) : u16le(head, 16)) !== ET_CORE;
  for (const read of [u32le, u32be]) {
    if (MACH_O.includes(read(head, 0) ?? 0)) return read(head, 12) !== MH_CORE;
  }
  return false;
}

/** @param head first bytes of an artifact that no container reads */
export function couldBeMemory(head: Uint8Array): boolean {
  return !isProgram(head) && !OTHER_TEXTS.some((text) => hasText(head, 0, text)) && !hasBytes(head, 4, MP4_BOX);
}

/** `ftyp`: MP4, HEIC and their kin (ISO/IEC 14496-12, 4.3). */
const MP4_BOX = [0x66, 0x74, 0x79, 0x70];
