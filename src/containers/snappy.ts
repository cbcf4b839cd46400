/** The snappy framing format (github.com/google/snappy, framing_format.txt): chunks of at most 64 KiB, each with its checksum. */
import { maskedCrc32c } from '../bytes/crc32c.ts';
import { ForwardReader } from '../bytes/forward-reader.ts';
import { hasBytes, u32le } from '../bytes/reader.ts';
import { decodeSnappy } from '../bytes/snappy.ts';
import { defineContainer } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';

const IDENTIFIER = [0xff, 0x06, 0x00, 0x00, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59];
const COMPRESSED = 0x00;
const UNCOMPRESSED = 0x01;
const STREAM = 0xff;
/** Chunks of these types must not be skipped. */
const RESERVED_FROM = 0x02;
const SKIPPABLE_FROM = 0x80;
const CHUNK_BYTES = 65_536;
/** Chunks are put together, so that the consumer is not called for each. */
const OUT_BYTES = 1_048_576;

async function* decode(input: Input): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = new ForwardReader(input);
  const out = new Uint8Array(OUT_BYTES);
  let at = 0;
  let failure: FormatError | SourceError | undefined;
  try {
    while (!failure) {
      const head = await reader.peek(4);
      if (head.length === 0) break;
      const word = u32le(head, 0);
      const type = head[0]!;
      const size = (word ?? 0) >>> 8;
      if (word === undefined) failure = new SourceError('truncated', 'snappy.chunk');
      else if (type === STREAM && !hasBytes(await reader.peek(10), 0, IDENTIFIER))
        failure = new FormatError('snappy.stream');
      else if (type >= RESERVED_FROM && type < SKIPPABLE_FROM)
        failure = new SourceError('not-opened', 'snappy.reserved');
      else if (type < RESERVED_FROM && size < 4) failure = new FormatError('snappy.chunkSize');
      if (failure) break;
      await reader.skip(4);
      if (type >= RESERVED_FROM) {
        if ((await reader.skip(size)) < size) failure = new SourceError('truncated', 'snappy.chunk');
        continue;
      }
      if (at + CHUNK_BYTES > out.length) {
        yield out.subarray(0, at);
        at = 0;
      }
      const chunk = await reader.take(size);
      if (chunk.length < size) failure = new SourceError('truncated', 'snappy.chunk');
      const data = chunk.subarray(4);
      if (type === COMPRESSED) {
        const decoded = failure ? undefined : decodeSnappy(data, CHUNK_BYTES, out.subarray(at));
        if (!decoded) failure ??= new FormatError('snappy.chunk');
        else at += decoded.length;
        if (decoded && maskedCrc32c(decoded) !== u32le(chunk, 0)) failure = new FormatError('snappy.crc32c');
      } else if (type === UNCOMPRESSED && data.length <= CHUNK_BYTES) {
        out.set(data, at);
        at += data.length;
        if (maskedCrc32c(data) !== u32le(chunk, 0)) failure ??= new FormatError('snappy.crc32c');
      } else failure ??= new FormatError('snappy.chunkSize');
    }
    if (at > 0) yield out.subarray(0, at);
    if (failure) throw failure;
  } finally {
    out.fill(0);
    reader.close();
  }
}

export default defineContainer({
  id: 'snappy',
  title: 'snappy framed stream',
  doc: `Streams that begin with the identifier \`sNaPpY\` (\`.sz\`, \`.snappy\`); each chunk's masked CRC-32C is verified.
Raw snappy blocks have no magic number and are not recognised. Source: framing_format.txt of github.com/google/snappy.`,
  access: 'sequential',
  recognise: (head) => hasBytes(head, 0, IDENTIFIER),
  async *open(input) {
    yield { name: '', content: () => decode(input) };
  },
});
