/** ARJ archives. Read through 7-Zip (`codecs/seven-zip.ts`), when that is installed. */
import { hasBytes, u16le } from '../bytes/reader.ts';
import { sevenZipContainer } from './codecs/seven-zip.ts';

/** What ARJ's own technote gives as the most. */
const MAX_HEADER_BYTES = 2600;
const LEAST_HEADER_BYTES = 30;
/** Type of the header that an archive begins with. */
const COMMENT_HEADER = 2;
/** Of the systems that ARJ ran on, with room for a few. */
const MAX_HOST = 15;

function recognise(head: Uint8Array): boolean {
  const size = u16le(head, 2);
  if (!hasBytes(head, 0, [0x60, 0xea]) || size === undefined || head.length < 4 + LEAST_HEADER_BYTES) return false;
  const fixed = head[4]!;
  return (
    size <= MAX_HEADER_BYTES &&
    fixed >= LEAST_HEADER_BYTES &&
    fixed <= size &&
    head[7]! <= MAX_HOST &&
    head[10] === COMMENT_HEADER
  );
}

export default sevenZipContainer({
  id: 'arj',
  title: 'ARJ archive',
  what: "ARJ archives (ARJ's technote).",
  recognise,
});
