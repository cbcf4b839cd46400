/** Real files made by others: beside the project, or where DUMPSIEVE_SAMPLES says. Tests that need them are skipped without. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** `DUMPSIEVE_SAMPLES`, or `../shared/samples` beside the project or above it, when it is there. */
export const samplesFolder: string | undefined = [
  process.env['DUMPSIEVE_SAMPLES'] ?? '',
  '../shared/samples',
  '../../shared/samples',
]
  .filter((place) => place !== '')
  .map((place) => resolve(root, place))
  .find((place) => existsSync(place));

/** Files right in a folder of the samples whose name matches; their paths are whole. None when there are no samples. */
export function realSamples(
  folder: string,
  pattern = /./,
): readonly { readonly name: string; readonly path: string }[] {
  return sampleFiles(/./, folder)
    .map((path) => ({ name: relative(folder, path), path: resolve(samplesFolder ?? '', path) }))
    .filter(({ name }) => !name.includes(sep) && pattern.test(name));
}

/** Paths of all files that match, from the folder of samples, sorted. None when there are no samples. */
export function sampleFiles(pattern: RegExp, below = ''): readonly string[] {
  const folder = samplesFolder && join(samplesFolder, below);
  if (!samplesFolder || !folder || !existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(below, name))
    .filter((path) => pattern.test(path.replaceAll('\\', '/')) && statSync(join(samplesFolder, path)).isFile())
    .sort();
}

/** The bytes of one as they are. */
export const readSampleFile = (path: string): Uint8Array =>
  new Uint8Array(readFileSync(resolve(samplesFolder ?? '', path)));

/** The bytes of one, unpacked when it is gzip, or zstd with the program of that name. */
export function readSample(path: string): Uint8Array {
  if (path.endsWith('.zst')) {
    const packed = resolve(samplesFolder ?? '', path);
    return new Uint8Array(execFileSync('zstd', ['-dcq', packed], { maxBuffer: 2 ** 30 }));
  }
  const bytes = readSampleFile(path);
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? new Uint8Array(gunzipSync(bytes)) : bytes;
}
