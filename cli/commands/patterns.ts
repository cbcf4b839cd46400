/** `dumpsieve patterns`: what the detectors are. */
import { DEFAULT_PATTERNS_URL } from '../../src/api.ts';
import type { Detector } from '../../src/model/detector.ts';
import { UsageError } from '../../src/model/errors.ts';
import { EXIT } from '../exit-codes.ts';

async function loadDetectors(): Promise<readonly Detector[]> {
  return ((await import(DEFAULT_PATTERNS_URL)) as { default: readonly Detector[] }).default;
}

export async function listPatterns(json: boolean): Promise<number> {
  const detectors = await loadDetectors();
  if (json) {
    const list = detectors.map(({ id, title, severity }) => ({ id, title, severity }));
    process.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
    return EXIT.clean;
  }
  const width = Math.max(...detectors.map(({ id }) => id.length));
  for (const { id, title, severity } of detectors) {
    process.stdout.write(`${id.padEnd(width)}  ${severity.padEnd(8)}  ${title}\n`);
  }
  return EXIT.clean;
}

export async function explainPattern(id: string): Promise<number> {
  const detectors = await loadDetectors();
  const detector = detectors.find((candidate) => candidate.id === id);
  if (!detector) throw new UsageError(`there is no detector "${id}"; "dumpsieve patterns list" shows them all`);
  process.stdout.write(`${detector.id}: ${detector.title}\nseverity: ${detector.severity}\n\n${detector.doc.trim()}\n`);
  return EXIT.clean;
}
