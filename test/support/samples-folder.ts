/** Real files by others, beside the project: where they are, if they are here. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** `DUMPSIEVE_SAMPLES`, or `../shared/samples` beside the project or above it. */
export function findSamples(): string | undefined {
  const places = [process.env['DUMPSIEVE_SAMPLES'] ?? '', '../shared/samples', '../../shared/samples'];
  return places
    .map((place) => place && join(place.startsWith('/') ? '' : root, place))
    .find((place) => place && existsSync(place));
}

/** Paths of all files, relative to the folder, sorted. */
export function listSamples(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => relative(folder, join(folder, name)))
    .sort();
}
