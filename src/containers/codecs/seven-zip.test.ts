/** With the package, which is installed for development; what happens without it is in `seven-zip-missing.test.ts`. */
import { describe, expect, it } from 'vitest';
import { crc32Of } from '../../../corpus/containers/checksums.ts';
import { u16, u32 } from '../../../corpus/containers/layout.ts';
import { concat } from '../../../corpus/encode/text.ts';
import { createRng } from '../../../corpus/rng.ts';
import { inputOf, openBytes } from '../../../test/support/containers.ts';
import { readSample, samplesFolder } from '../../../test/support/samples.ts';
import { SourceError } from '../../model/errors.ts';
import type { Input } from '../../model/input.ts';
import arj from '../arj.ts';
import lzh from '../lzh.ts';
import rar from '../rar.ts';
import wim from '../wim.ts';
import xar from '../xar.ts';

/** A RAR 1.5 archive with stored files: blocks of CRC-16, type, flags, size. */
function writeRar(files: readonly { name: string; content: Uint8Array; encrypted?: boolean }[]): Uint8Array {
  const block = (type: number, flags: number, body: Uint8Array): Uint8Array => {
    const rest = concat(Uint8Array.of(type), u16(flags), u16(7 + body.length), body);
    return concat(u16(crc32Of(rest) & 0xffff), rest);
  };
  return concat(
    Uint8Array.of(0x52, 0x61, 0x72, 0x21, 0x1a, 7, 0),
    block(0x73, 0, new Uint8Array(6)),
    ...files.map(({ name, content, encrypted }) =>
      concat(
        block(
          0x74,
          0x8000 | (encrypted ? 4 : 0),
          concat(
            ...[u32(content.length), u32(content.length), Uint8Array.of(3), u32(crc32Of(content)), u32(0)],
            ...[Uint8Array.of(20, 0x30), u16(name.length), u32(0x20), name],
          ),
        ),
        content,
      ),
    ),
  );
}

describe('openWithSevenZip', () => {
  const rng = createRng('seven-zip');
  const a = rng.bytes(3_000_000);
  const b = rng.bytes(100);

  it('gives the members of an archive', async () => {
    const bytes = writeRar([
      { name: 'a', content: a },
      { name: 'b', content: b },
    ]);
    expect(rar.recognise(bytes)).toBe(true);
    const { members, gaps } = await openBytes(rar, bytes);
    expect(members.map(({ name, content }) => [name, content.length])).toEqual([
      ['a', a.length],
      ['b', b.length],
    ]);
    expect(Buffer.from(members[0]!.content).equals(a)).toBe(true);
    expect(Buffer.from(members[1]!.content).equals(b)).toBe(true);
    expect(gaps).toEqual([]);
  });

  it('tells encrypted members from the others', async () => {
    const bytes = writeRar([
      { name: 'a', content: b, encrypted: true },
      { name: 'b', content: b },
    ]);
    const { members, gaps } = await openBytes(rar, bytes);
    expect(members.map(({ name, content }) => [name, content.length])).toEqual([['b', b.length]]);
    expect(gaps).toEqual(['encrypted']);
  });

  it('ends with FormatError on damage, and with the error of its input', async () => {
    const bytes = writeRar([{ name: 'a', content: b }]);
    bytes[bytes.length - 1]! ^= 1;
    expect((await openBytes(rar, bytes)).gaps).toEqual(['format-error: 7z-wasm.exit']);
    expect((await openBytes(rar, bytes.slice(0, 30))).members).toEqual([]);
    const broken: Input = {
      ...inputOf(bytes),
      async read() {
        throw new SourceError('unreadable', 'EIO');
      },
    };
    expect((await openBytes(rar, broken)).gaps).toEqual(['unreadable: EIO']);
  });

  it('leaves no thread behind when a member is not read to its end', async () => {
    const bytes = writeRar([{ name: 'a', content: a }]);
    for await (const entry of rar.open(inputOf(bytes))) {
      if ('code' in entry) continue;
      for await (const piece of entry.content()) {
        expect(piece.length).toBeGreaterThan(0);
        break;
      }
      break;
    }
  });

  it('reads LHA archives', async () => {
    const header = concat('-lh0-', u32(b.length), u32(b.length), u32(0), Uint8Array.of(0x20, 0, 1), 'b', u16(crc16(b)));
    const sum = header.reduce((total, byte) => total + byte, 0) & 255;
    const bytes = concat(Uint8Array.of(header.length, sum), header, b, Uint8Array.of(0));
    expect(lzh.recognise(bytes)).toBe(true);
    const { members, gaps } = await openBytes(lzh, bytes);
    expect(members).toEqual([{ name: 'b', content: b }]);
    expect(gaps).toEqual([]);
  });
});

/** An ARJ archive with one stored file: headers of 30 bytes, name and comment, each with its CRC-32. */
function writeArj(name: string, content: Uint8Array, encrypted = false): Uint8Array {
  const header = (type: number, sizes: Uint8Array, text: string): Uint8Array => {
    const flags = encrypted && type === 0 ? 1 : 0;
    const basic = concat(Uint8Array.of(30, 11, 1, 2, flags, 0, type, 0), u32(0), sizes, u16(0), u16(0), u16(0));
    const body = concat(basic, `${text}\0\0`);
    return concat(Uint8Array.of(0x60, 0xea), u16(body.length), body, u32(crc32Of(body)), u16(0));
  };
  return concat(
    header(2, new Uint8Array(12), 'test.arj'),
    header(0, concat(u32(content.length), u32(content.length), u32(crc32Of(content))), name),
    content,
    Uint8Array.of(0x60, 0xea, 0, 0),
  );
}

/** CRC-16 of ARC: reflected, polynomial 0xA001. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

describe('arj', () => {
  const content = createRng('arj').bytes(70);

  it('reads ARJ archives', async () => {
    const bytes = writeArj('secret.txt', content);
    expect(arj.recognise(bytes)).toBe(true);
    expect(await openBytes(arj, bytes)).toEqual({ members: [{ name: 'secret.txt', content }], gaps: [] });
    expect((await openBytes(arj, writeArj('secret.txt', content, true))).gaps).toEqual(['encrypted']);
  });

  it('is not what only has its two bytes', () => {
    expect(arj.recognise(concat(Uint8Array.of(0x60, 0xea), 'a text that goes on and on, and is no archive'))).toBe(
      false,
    );
    expect(arj.recognise(writeArj('a', content).subarray(0, 20))).toBe(false);
  });
});

describe.skipIf(!samplesFolder)('archives made by others', () => {
  const read = (name: string): Uint8Array => readSample(`containers/libarchive__test_read_format_${name}`);

  it('RAR 5', async () => {
    const { members, gaps } = await openBytes(rar, read('rar5_compressed.rar'));
    expect(members.map(({ name, content }) => [name, content.length])).toEqual([['test.bin', 1200]]);
    expect(gaps).toEqual([]);
  });

  it('xar', async () => {
    const bytes = read('xar_duplicate_filename_node.xar');
    expect(xar.recognise(bytes)).toBe(true);
    expect(wim.recognise(bytes)).toBe(false);
    const { members } = await openBytes(xar, bytes);
    expect(members.map(({ name, content }) => [name, content.length])).toContainEqual(['File', 2]);
  });
});
