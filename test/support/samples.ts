/** Real files made by others: beside the project, or where DUMPSIEVE_SAMPLES says. Tests that need them are skipped without. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url));

const samplesFolder = [
  process.env['DUMPSIEVE_SAMPLES'],
  join(root, '../shared/samples'),
  join(root, '../../shared/samples'),
].find((folder) => folder !== undefined && existsSync(folder));

/** Paths, from the folder of samples, that match. None when there are no samples. */
export function sampleFiles(pattern: RegExp): readonly string[] {
  if (!samplesFolder) return [];
  return readdirSync(samplesFolder, { recursive: true, encoding: 'utf8' })
    .filter((path) => pattern.test(path.replaceAll('\\', '/')))
    .sort();
}

/** The bytes of one, unpacked when it is gzip, or zstd with the program of that name. */
export function readSample(path: string): Uint8Array {
  if (path.endsWith('.zst')) {
    return new Uint8Array(execFileSync('zstd', ['-dcq', join(samplesFolder ?? '', path)], { maxBuffer: 2 ** 30 }));
  }
  const bytes = readFileSync(join(samplesFolder ?? '', path));
  return new Uint8Array(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes);
}
