/** Containers made by others (the folder of samples, when it is there): members with their sizes, or the right gaps. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import containers from '../src/containers/index.ts';
import { HEAD_BYTES } from '../src/model/format.ts';
import { openBytes } from './support/containers.ts';
import { readSampleFile, realSamples, samplesFolder } from './support/samples.ts';

const names = realSamples('containers').map(({ name }) => name);
const byId = (id: string) => containers.find((container) => container.id === id)!;

async function open(id: string, bytes: Uint8Array): Promise<{ sizes: string[]; gaps: string[] }> {
  expect(byId(id).recognise(bytes.subarray(0, HEAD_BYTES))).toBe(true);
  const { members, gaps } = await openBytes(byId(id), bytes);
  return { sizes: members.map(({ name, content }) => `${name} ${content.length}`), gaps };
}

const read = (name: string): Uint8Array => readSampleFile(`containers/${name}`);
const EXE = ['x86exe 27328'];

describe.skipIf(!samplesFolder)('containers made by others', () => {
  it.each(names.filter((name) => /^xz__good-.*\.(xz|lz)$/.test(name)))('%s opens without a gap', async (name) => {
    expect((await open(name.endsWith('xz') ? 'xz' : 'lzip', read(name))).gaps).toEqual([]);
  });

  it.each(names.filter((name) => /^xz__(bad|unsupported)-.*\.(xz|lz)$/.test(name)))('%s is a gap', async (name) => {
    const bytes = read(name);
    const id = name.endsWith('xz') ? 'xz' : 'lzip';
    // A damaged magic is nobody's.
    if (!byId(id).recognise(bytes)) expect(name).toMatch(/magic-[12]\.lz$/);
    else expect((await open(id, bytes)).gaps).toHaveLength(1);
  });

  const cases: [string, string, string[], string[]][] = [
    [
      '7z',
      'libarchive__test_read_format_7zip_solid_zstd.7z',
      ['dir1/file1 13', 'file2 26', 'file3 39', 'file4 52'],
      [],
    ],
    ['7z', 'libarchive__test_read_format_7zip_bcj2_copy_1.7z', EXE, []],
    ['7z', 'libarchive__test_read_format_7zip_bcj2_copy_lzma.7z', EXE, []],
    ['7z', 'libarchive__test_read_format_7zip_bcj2_deflate.7z', EXE, []],
    ['7z', 'libarchive__test_read_format_7zip_bcj2_lzma1_1.7z', EXE, []],
    ['7z', 'libarchive__test_read_format_7zip_bcj2_lzma2_2.7z', EXE, []],
    ['7z', 'libarchive__test_read_format_7zip_bcj_bzip2.7z', EXE, []],
    ['7z', 'libarchive__test_read_format_7zip_bcj_lzma2.7z', EXE, []],
    ['7z', 'libarchive__test_read_format_7zip_delta4_lzma2.7z', ['file1 27627'], []],
    ['7z', 'libarchive__test_read_format_7zip_deflate_powerpc.7z', ['hw-powerpc 68340'], []],
    ['7z', 'libarchive__test_read_format_7zip_empty_archive.7z', [], []],
    ['7z', 'libarchive__test_read_format_7zip_encryption_header.7z', [], ['encrypted: 7z.aes']],
    ['7z', 'libarchive__test_read_format_7zip_malformed4.7z', [], ['format-error: 7z.files']],
    [
      'cab',
      'libarchive__test_read_format_cab_2.cab',
      ['empty 0', 'zero 33000', 'dir1\\file1 60', 'dir2\\file2 78'],
      [],
    ],
    [
      'cab',
      'libarchive__test_read_format_cab_3.cab',
      ['empty 0', 'zero 33000', 'dir1\\file1 60', 'dir2\\file2 78'],
      [],
    ],
    ['cab', 'libarchive__test_read_format_cab_lzx_literal_control.cab', ['x 2'], []],
    ['cab', 'libarchive__test_read_format_cab_lzx_invalid_history.cab', ['x 0'], ['format-error: lzx.distance']],
    ['cab', 'libarchive__test_read_format_cab_multi.p1.cab', [], ['not-opened: cab.folder_of_another_cabinet']],
    ['zstd', 'libarchive__test_compat_zstd_1.tar.zst', [' 7168'], []],
    ['bzip2', 'libarchive__test_compat_bzip2_1.tbz', [' 7168'], []],
    ['bzip2', 'libarchive__test_compat_bzip2_2.tbz', [' 7168'], ['format-error: bzip2.header']],
    ['lzma', 'libarchive__test_compat_lzma_3.tlz', [' 7168'], []],
    ['lzip', 'libarchive__test_compat_lzip_4.tlz', [' 71680'], []],
    ['xz', 'libarchive__test_compat_xz_1.txz', [' 7168'], []],
  ];
  it.each(cases)('%s: %s', async (id, name, sizes, gaps) => {
    expect(await open(id, read(name))).toEqual({ sizes, gaps });
  });

  const images: [string, string[]][] = [
    ['iso_2', ['C/D 6', 'A/B 6']],
    ['iso_multi_extent', ['file 262280']],
    ['iso_rockridge', ['file 12345684']],
    ['iso_zisofs', ['file 12345684']],
    ['iso_xorriso', ['file 6', 'dir2/file4 7', 'dir/file2 7', 'dir/file3 7']],
  ];
  // Written by compress(1), which gzip reads.
  it.each(images)('%s', async (name, expected) => {
    const path = `${samplesFolder}/containers/libarchive__test_read_format_${name}.iso.Z`;
    const bytes = new Uint8Array(execFileSync('gzip', ['-dc', path], { maxBuffer: 2 ** 28 }));
    const { sizes, gaps } = await open('iso', bytes);
    expect(sizes.filter((size) => !size.endsWith(' 0'))).toEqual(expected);
    expect(gaps).toEqual([]);
  });

  it.each(realSamples('tls-keylog', /\.pcap(ng)?$/))('$name has TCP streams', async ({ name, path }) => {
    const { sizes, gaps } = await open(name.endsWith('ng') ? 'pcapng' : 'pcap', readSampleFile(path));
    expect(sizes.filter((size) => size.startsWith('tcp ')).length).toBeGreaterThan(1);
    expect(gaps).toEqual([]);
  });
});
