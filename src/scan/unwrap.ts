/**
 * Containers around an input. None is opened yet: compressed and encrypted content is recognised, so that scanning
 * its bytes raw is never mistaken for scanning what is inside.
 */
import { hasBytes, hasText } from '../bytes/reader.ts';
import type { GapCode } from '../model/finding.ts';

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

/** Longest prefix that `recogniseContainer` looks at. */
export const MAGIC_BYTES = 64;

/** The container whose content a raw scan can't see, from the first bytes of an input. */
export function recogniseContainer(head: Uint8Array): { code: GapCode; detail: string } | undefined {
  const magic = MAGICS.find(({ at, bytes }) => hasBytes(head, at, bytes));
  if (magic && !(magic.id === 'bzip2' && !hasBytes(head, 4, [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]))) {
    return { code: 'not-opened', detail: magic.id };
  }
  // Apport writes `Key: value` lines, then the core in base64 (gzip inside): recognised by its first key.
  return hasText(head, 0, 'ProblemType: ') ? { code: 'not-opened', detail: 'apport' } : undefined;
}
