/**
 * rpm packages (rpm.org, "RPM Package Format" v3, v4): lead, signature header, header, payload. The payload is one
 * compressed cpio archive, which is opened in turn.
 */

import { ForwardReader } from '../bytes/forward-reader.ts';
import { hasBytes, u32be } from '../bytes/reader.ts';
import { defineContainer, type Member, type MemberGap } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';
import { restAsMember } from './codecs/rest.ts';

const LEAD = [0xed, 0xab, 0xee, 0xdb];
const HEADER = [0x8e, 0xad, 0xe8, 0x01];
const LEAD_BYTES = 96;
/** As rpm itself: limits of header.c. */
const MAX_ENTRIES = 0xffff;
const MAX_DATA_BYTES = 256 * 1024 * 1024;

/** Goes behind the header where the reader stands. */
async function skipHeader(reader: ForwardReader, field: string): Promise<void> {
  const head = await reader.take(16);
  if (head.length < 16) throw new SourceError('truncated', field);
  const entries = u32be(head, 8)!;
  const bytes = u32be(head, 12)!;
  if (!hasBytes(head, 0, HEADER) || entries > MAX_ENTRIES || bytes > MAX_DATA_BYTES) throw new FormatError(field);
  const length = entries * 16 + bytes;
  if ((await reader.skip(length)) < length) throw new SourceError('truncated', field);
}

async function* open(input: Input): AsyncGenerator<Member | MemberGap> {
  const reader = new ForwardReader(input);
  try {
    if ((await reader.skip(LEAD_BYTES)) < LEAD_BYTES) throw new SourceError('truncated', 'rpm.lead');
    await skipHeader(reader, 'rpm.signature');
    await reader.skip((8 - (reader.at % 8)) % 8);
    await skipHeader(reader, 'rpm.header');
    if ((await reader.peek(1)).length === 0) throw new SourceError('truncated', 'rpm.payload');
    yield restAsMember('payload', reader, input);
  } finally {
    reader.close();
  }
}

export default defineContainer({
  id: 'rpm',
  title: 'rpm',
  doc: `Packages of versions 3 and 4, binary and source: the payload (gzip, bzip2, xz, Zstandard or lzma over cpio) is the one member. The
headers are searched as they are. Source: rpm.org, RPM Package Format.`,
  access: 'sequential',
  recognise: (head) => hasBytes(head, 0, LEAD),
  open,
});
