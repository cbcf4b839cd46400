/** Pattern packs: modules whose default export is a list of detectors. */
import type { Detector } from '../model/detector.ts';
import { UsageError } from '../model/errors.ts';
import { SEVERITIES } from '../model/finding.ts';

/** Whether `value` has what the engine calls and reports. */
function isDetector(value: unknown): value is Detector {
  if (typeof value !== 'object' || value === null) return false;
  const { id, title, doc, severity, anchors, reach, parse, verify } = value as Partial<Record<keyof Detector, unknown>>;
  return (
    typeof id === 'string' &&
    /^[a-z0-9][a-z0-9-]{0,99}$/.test(id) &&
    typeof title === 'string' &&
    typeof doc === 'string' &&
    SEVERITIES.some((known) => known === severity) &&
    Array.isArray(anchors) &&
    typeof reach === 'object' &&
    typeof parse === 'function' &&
    typeof verify === 'function'
  );
}

/** Why a module can't be loaded; its message may quote the module's text, which is no secret. */
function explain(url: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') {
    return `the pattern pack ${url} is TypeScript, which this Node.js can't load: use Node.js 22.18 or later, or build it`;
  }
  return `the pattern pack ${url} can't be loaded: ${error instanceof Error ? error.message : 'unknown reason'}`;
}

/** The detectors of one pack. Throws UsageError. */
async function loadPack(url: string): Promise<readonly Detector[]> {
  let pack: unknown;
  try {
    ({ default: pack } = (await import(url)) as { default?: unknown });
  } catch (error) {
    throw new UsageError(explain(url, error));
  }
  if (!Array.isArray(pack)) throw new UsageError(`the pattern pack ${url} has no list of detectors as default export`);
  const broken = pack.findIndex((detector) => !isDetector(detector));
  if (broken >= 0) throw new UsageError(`the pattern pack ${url}: entry ${broken} is no detector`);
  return pack as Detector[];
}

/** The detectors of all packs. Throws UsageError, also when two have one id. */
export async function loadDetectors(urls: readonly string[]): Promise<readonly Detector[]> {
  const detectors = (await Promise.all(urls.map(loadPack))).flat();
  const ids = new Set<string>();
  for (const { id } of detectors) {
    if (ids.has(id)) throw new UsageError(`two detectors are called "${id}"`);
    ids.add(id);
  }
  return detectors;
}
