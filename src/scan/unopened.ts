/**
 * What no container reads, or not in this variant: compressed, archived or encoded content is recognised, so that
 * scanning its bytes raw is never mistaken for scanning what is inside. Asked only when no container and no format
 * recognises an input, so what plug-ins read may stay in the list.
 */
import { hasBytes, hasText } from '../bytes/reader.ts';

interface Magic {
  readonly id: string;
  readonly at: number;
  readonly bytes: readonly number[];
}

const ascii = (text: string): number[] => Array.from(text, (char) => char.charCodeAt(0));

/** First bytes of formats whose content is compressed or encoded. Sources: each format's specification. */
const MAGICS: readonly Magic[] = [
  { id: 'gzip', at: 0, bytes: [0x1f, 0x8b, 0x08] },
  { id: 'zstd', at: 0, bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { id: 'xz', at: 0, bytes: [0xfd, ...ascii('7zXZ'), 0x00] },
  { id: 'bzip2', at: 0, bytes: ascii('BZh') },
  { id: 'lz4', at: 0, bytes: [0x04, 0x22, 0x4d, 0x18] },
  { id: 'lzip', at: 0, bytes: ascii('LZIP') },
  { id: 'lzop', at: 0, bytes: [0x89, ...ascii('LZO'), 0x00, 0x0d, 0x0a, 0x1a, 0x0a] },
  { id: 'lrzip', at: 0, bytes: ascii('LRZI') },
  { id: 'rzip', at: 0, bytes: [...ascii('RZIP'), 0x02] },
  { id: 'grzip', at: 0, bytes: ascii('GRZipII') },
  { id: 'zpaq', at: 0, bytes: ascii('7kSt') },
  { id: 'zpaq', at: 0, bytes: ascii('zPQ') },
  { id: 'lzfse', at: 0, bytes: ascii('bvx2') },
  { id: 'ace', at: 7, bytes: ascii('**ACE**') },
  { id: 'chm', at: 0, bytes: [...ascii('ITSF'), 3, 0, 0, 0] },
  { id: 'compress', at: 0, bytes: [0x1f, 0x9d] },
  { id: 'snappy', at: 0, bytes: [0xff, 0x06, 0x00, 0x00, ...ascii('sNaPpY')] },
  { id: 'zip', at: 0, bytes: [0x50, 0x4b, 0x03, 0x04] },
  { id: 'zip', at: 0, bytes: [0x50, 0x4b, 0x05, 0x06] },
  { id: 'zip', at: 0, bytes: [0x50, 0x4b, 0x07, 0x08] },
  { id: '7z', at: 0, bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] },
  { id: 'rar', at: 0, bytes: [...ascii('Rar!'), 0x1a, 0x07] },
  { id: 'cab', at: 0, bytes: [...ascii('MSCF'), 0, 0, 0, 0] },
  { id: 'rpm', at: 0, bytes: [0xed, 0xab, 0xee, 0xdb] },
  { id: 'squashfs', at: 0, bytes: ascii('hsqs') },
  { id: 'kdump', at: 0, bytes: ascii('KDUMP   ') },
  { id: 'kdump', at: 0, bytes: ascii('makedumpfile') },
  { id: 'deb', at: 0, bytes: ascii('!<arch>\ndebian-binary') },
];

/** Size of what tells at the end of an input that it is not opened. */
export const TAIL_BYTES = 512;

/**
 * The same from the last bytes: an Apple disk image (UDIF) begins with its first compressed block, and ends with a
 * trailer of version 4 and 512 bytes. A container that opens the first block has seen no more than that.
 */
export function recogniseUnopenedTail(tail: Uint8Array): string | undefined {
  return hasBytes(tail, tail.length - TAIL_BYTES, [...ascii('koly'), 0, 0, 0, 4, 0, 0, 2, 0]) ? 'dmg' : undefined;
}

const firstLines = (head: Uint8Array): string => String.fromCharCode(...head.subarray(0, 300));

/** Id of the container whose content a raw scan can't see, from the first bytes of an input. */
export function recogniseUnopened(head: Uint8Array): string | undefined {
  const magic = MAGICS.find(({ at, bytes }) => hasBytes(head, at, bytes));
  if (magic && !(magic.id === 'bzip2' && !hasBytes(head, 4, [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]))) return magic.id;
  // Lines of uuencode: permissions and a name, then the first full line, which begins with its length.
  if (hasText(head, 0, 'begin ') && /^begin [0-7]{3} [^\r\n]{1,255}\r?\n[\x21-\x60]/.test(firstLines(head)))
    return 'uuencode';
  // Apport writes `Key: value` lines, then the core in base64 (gzip inside): recognised by its first key.
  return hasText(head, 0, 'ProblemType: ') ? 'apport' : undefined;
}
