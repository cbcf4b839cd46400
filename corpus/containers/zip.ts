/** Writes zip files by PKWARE APPNOTE 6.3.10, well-formed ones and such that contradict themselves. */
import { deflateRawSync } from 'node:zlib';
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';
import { crc32Of } from './checksums.ts';

interface File {
  readonly name: string;
  readonly content: Uint8Array;
  readonly deflate?: boolean;
  /** Sizes and checksum behind the content, with or without a signature. */
  readonly descriptor?: 'signed' | 'bare';
  readonly zip64?: boolean;
  readonly flags?: number;
  readonly method?: number;
  readonly crc?: number;
  readonly size?: number;
  /** In the local header, instead of the name in the directory. */
  readonly localName?: string;
  readonly isUnlisted?: boolean;
  /** Bytes before the local header. */
  readonly padding?: number;
}

const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'utf8'));

function record(...fields: readonly (readonly [value: number, width: 2 | 4 | 8])[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [, width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [value, width] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else if (width === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += width;
  }
  return bytes;
}

interface Options {
  readonly before?: Uint8Array;
  readonly comment?: string;
  readonly zip64?: boolean;
  readonly ends?: number;
}

export function writeZip(files: readonly File[], options: Options = {}): Uint8Array {
  const parts: Uint8Array[] = [options.before ?? new Uint8Array(0)];
  let at = parts[0]!.length;
  const push = (...bytes: Uint8Array[]): void => {
    for (const part of bytes) {
      parts.push(part);
      at += part.length;
    }
  };
  const directory: Uint8Array[] = [];
  for (const file of files) {
    const { name, content, descriptor } = file;
    const data = file.deflate ? Uint8Array.from(deflateRawSync(content)) : content;
    const method = file.method ?? (file.deflate ? 8 : 0);
    const flags = (file.flags ?? 0) | (descriptor ? 8 : 0) | 0x800;
    const crc = file.crc ?? crc32Of(content);
    const size = file.size ?? content.length;
    push(new Uint8Array(file.padding ?? 0));
    const offset = at;
    const localName = ascii(file.localName ?? name);
    const marked = file.zip64 && !descriptor;
    const extra = marked ? record([1, 2], [16, 2], [size, 8], [data.length, 8]) : new Uint8Array(0);
    const sizes = (hide: boolean, all: boolean) =>
      [
        [hide ? 0 : all ? 0xffffffff : data.length, 4],
        [hide ? 0 : all ? 0xffffffff : size, 4],
      ] as const;
    push(
      record(
        [0x04034b50, 4],
        [45, 2],
        [flags, 2],
        [method, 2],
        [0, 2],
        [0, 2],
        [descriptor ? 0 : crc, 4],
        ...sizes(!!descriptor, !!marked),
        [localName.length, 2],
        [extra.length, 2],
      ),
      localName,
      extra,
      data,
    );
    if (descriptor === 'signed') push(record([0x08074b50, 4]));
    const width = file.zip64 ? 8 : 4;
    if (descriptor) push(record([crc, 4], [data.length, width], [size, width]));
    if (file.isUnlisted) continue;
    const central = file.zip64 ? record([1, 2], [24, 2], [size, 8], [data.length, 8], [offset, 8]) : new Uint8Array(0);
    directory.push(
      record(
        [0x02014b50, 4],
        [45, 2],
        [45, 2],
        [flags, 2],
        [method, 2],
        [0, 2],
        [0, 2],
        [crc, 4],
        ...sizes(false, !!file.zip64),
        [ascii(name).length, 2],
        [central.length, 2],
        [0, 2],
        [0, 2],
        [0, 2],
        [0, 4],
        [file.zip64 ? 0xffffffff : offset, 4],
      ),
      ascii(name),
      central,
    );
  }
  const start = at;
  push(...directory);
  const bytes = at - start;
  const count = directory.length / 3;
  if (options.zip64) {
    const record64 = at;
    push(
      record(
        [0x06064b50, 4],
        [44, 8],
        [45, 2],
        [45, 2],
        [0, 4],
        [0, 4],
        [count, 8],
        [count, 8],
        [bytes, 8],
        [start, 8],
      ),
      record([0x07064b50, 4], [0, 4], [record64, 8], [1, 4]),
    );
  }
  const comment = ascii(options.comment ?? '');
  for (let i = 0; i < (options.ends ?? 1); i++) {
    push(
      record(
        [0x06054b50, 4],
        [0, 2],
        [0, 2],
        [options.zip64 ? 0xffff : count, 2],
        [options.zip64 ? 0xffff : count, 2],
        [options.zip64 ? 0xffffffff : bytes, 4],
        [options.zip64 ? 0xffffffff : start, 4],
        [comment.length, 2],
      ),
      comment,
    );
  }
  return concat(...parts);
}

export const COUNTS: ContainerSample['counts'] = [
  { at: 18, bytes: 4 },
  { at: 22, bytes: 4 },
  { at: 26, bytes: 2 },
  { at: 28, bytes: 2 },
];

/** Read the same from a file and from a stream. */
export function samples(): readonly ContainerSample[] {
  const words = Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 7 + (i >> 4)) & 255);
  const text = ascii('some text that is repeated, '.repeat(200));
  const files: File[] = [
    { name: 'stored.bin', content: words },
    { name: 'deep/er/text.txt', content: text, deflate: true },
    { name: 'empty', content: new Uint8Array(0) },
  ];
  const sample = (name: string, bytes: Uint8Array, members = files, gaps?: string[]): ContainerSample => ({
    name,
    container: 'zip',
    bytes,
    members: members.map((file) => ({ name: file.name, content: file.content })),
    ...(gaps && { gaps }),
    counts: COUNTS,
    headerBytes: 60,
  });
  const streamed = files.slice(0, 2).map((file) => ({ ...file, descriptor: 'signed' }) as const);
  const inner = writeZip([{ name: 'inside', content: text }]);
  return [
    sample('stored and deflated', writeZip(files)),
    sample('no entries', writeZip([]), []),
    sample('a comment', writeZip(files, { comment: 'a comment' })),
    sample(
      'zip64',
      writeZip(
        files.map((file) => ({ ...file, zip64: true })),
        { zip64: true },
      ),
    ),
    sample('data descriptors', writeZip(streamed), streamed),
    sample('data descriptors of zip64', writeZip(streamed.map((file) => ({ ...file, zip64: true }))), streamed),
    sample('bare data descriptors', writeZip([{ ...files[1]!, descriptor: 'bare' }, files[0]!]), [
      files[1]!,
      files[0]!,
    ]),
    sample('a jmod', writeZip(files, { before: Uint8Array.of(0x4a, 0x4d, 1, 0) })),
    sample('a script before it', writeZip(files, { before: ascii('#!/usr/bin/env python3\n') })),
    sample('a zip in it', writeZip([{ name: 'a.zip', content: inner }, ...files]), [
      { name: 'a.zip', content: inner },
      ...files,
    ]),
    sample('encrypted', writeZip([{ ...files[0]!, flags: 1 }, files[1]!]), [files[1]!], ['encrypted']),
    sample('AES', writeZip([{ ...files[0]!, flags: 1, method: 99 }, files[1]!]), [files[1]!], ['encrypted']),
    sample(
      'a method that nobody reads',
      writeZip([{ ...files[0]!, method: 10 }, files[1]!]),
      [files[1]!],
      ['not-opened'],
    ),
    sample(
      'a wrong checksum',
      writeZip([{ ...files[1]!, crc: 1 }, files[0]!]),
      [files[1]!, files[0]!],
      ['format-error'],
    ),
    sample('more than its size', writeZip([{ ...files[1]!, size: 10 }]), [files[1]!], ['format-error']),
    sample(
      'a name that climbs',
      writeZip([{ ...files[0]!, name: '../up' }]),
      [{ ...files[0]!, name: '../up' }],
      ['format-error'],
    ),
  ];
}
