/** xz streams (xz-file-format.txt 1.2) of uncompressed LZMA2 chunks: valid, and written without compressing anything. */
import { createHash } from 'node:crypto';
import type { ContainerSample } from '../dump-sample.ts';
import { be, concat, le } from '../encode/text.ts';
import { createRng } from '../rng.ts';
import { crc32Of, crc64Of } from './checksums.ts';

const sealed = (bytes: Uint8Array): Uint8Array => concat(bytes, le(BigInt(crc32Of(bytes)), 4));
const padded = (bytes: Uint8Array): Uint8Array => concat(bytes, new Uint8Array(-bytes.length & 3));

/** Seven bits in a byte, lowest first. */
function varint(value: number): Uint8Array {
  const out: number[] = [];
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) out.push((left % 128) | 128);
  return Uint8Array.of(...out, left);
}

export function lzma2Stored(content: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += 65_536) {
    const chunk = content.subarray(at, at + 65_536);
    parts.push(Uint8Array.of(at === 0 ? 1 : 2), be(BigInt(chunk.length - 1), 2), chunk);
  }
  return concat(...parts, Uint8Array.of(0));
}

const CHECKS: Readonly<Record<number, (bytes: Uint8Array) => Uint8Array>> = {
  0: () => new Uint8Array(0),
  1: (bytes) => le(BigInt(crc32Of(bytes)), 4),
  2: () => new Uint8Array(4), // nobody defined it
  4: (bytes) => le(crc64Of(bytes), 8),
  10: (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()),
};

interface Block {
  readonly content: Uint8Array;
  /** Filter flags in front of LZMA2's, and what lies in the chunks instead of the content. */
  readonly filter?: Uint8Array;
  readonly stored?: Uint8Array;
}

export function writeXzStream(blocks: readonly Block[], check = 4): Uint8Array {
  const flags = Uint8Array.of(0, check);
  const parts: Uint8Array[] = [Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), flags, le(BigInt(crc32Of(flags)), 4)];
  const records: Uint8Array[] = [];
  for (const { content, filter, stored = content } of blocks) {
    const data = lzma2Stored(stored);
    const filters = concat(filter ?? new Uint8Array(0), Uint8Array.of(0x21, 1, 22)); // an 8 MiB dictionary
    const fields = padded(concat(Uint8Array.of(0, filter ? 0x81 : 0x80), varint(content.length), filters));
    fields[0] = fields.length / 4;
    const sum = (CHECKS[check] ?? CHECKS[0]!)(content);
    const header = sealed(fields);
    parts.push(header, padded(data), sum);
    records.push(varint(header.length + data.length + sum.length), varint(content.length));
  }
  const index = sealed(padded(concat(Uint8Array.of(0), varint(blocks.length), ...records)));
  const tail = concat(le(BigInt(index.length / 4 - 1), 4), flags);
  parts.push(index, le(BigInt(crc32Of(tail)), 4), tail, Uint8Array.of(0x59, 0x5a));
  return concat(...parts);
}

export function samples(): readonly ContainerSample[] {
  const rng = createRng('containers/xz');
  const a = rng.bytes(70_000);
  const b = rng.bytes(300);
  const differences = b.map((byte, i) => byte - (i >= 3 ? b[i - 3]! : 0));
  const common = {
    container: 'xz',
    counts: [
      { at: 12, bytes: 1 },
      { at: 13, bytes: 1 },
      { at: 26, bytes: 2 },
    ],
    headerBytes: 60,
  } as const;
  const whole = concat(a, b);
  const nameless = (content: Uint8Array) => [{ name: '', content }];
  return [
    {
      ...common,
      name: 'two blocks, CRC64',
      bytes: writeXzStream([{ content: a }, { content: b }]),
      members: nameless(whole),
    },
    { ...common, name: 'CRC32', bytes: writeXzStream([{ content: b }], 1), members: nameless(b) },
    { ...common, name: 'SHA-256', bytes: writeXzStream([{ content: b }], 10), members: nameless(b) },
    {
      ...common,
      name: 'two streams with padding, no check',
      bytes: concat(writeXzStream([{ content: a }], 0), new Uint8Array(8), writeXzStream([{ content: b }], 0)),
      members: nameless(whole),
    },
    {
      ...common,
      name: 'a delta filter',
      bytes: writeXzStream([{ content: b, filter: Uint8Array.of(3, 1, 2), stored: differences }]),
      members: nameless(b),
    },
    {
      ...common,
      name: 'a check of an unknown kind',
      bytes: writeXzStream([{ content: b }], 2),
      members: nameless(b),
      gaps: ['format-error'],
    },
    {
      ...common,
      name: 'a filter that is not known',
      bytes: writeXzStream([{ content: b, filter: Uint8Array.of(0x3f, 0) }]),
      members: nameless(new Uint8Array(0)),
      gaps: ['not-opened'],
    },
    {
      ...common,
      name: 'cut off in the second block',
      bytes: writeXzStream([{ content: b }, { content: b }]).subarray(0, 600),
      members: nameless(concat(b)),
      gaps: ['format-error'],
    },
  ];
}
