/** All reporters, by the name that `--format` gives them. Loaded on demand: a scan needs one of them. */
import type { Reporter } from './reporter.ts';

const LOADERS = {
  text: () => import('./text.ts'),
  json: () => import('./json.ts'),
  jsonl: () => import('./jsonl.ts'),
  sarif: () => import('./sarif.ts'),
  html: () => import('./html.ts'),
  markdown: () => import('./markdown.ts'),
  junit: () => import('./junit.ts'),
  gitlab: () => import('./gitlab.ts'),
  github: () => import('./github.ts'),
  azure: () => import('./azure.ts'),
  csv: () => import('./csv.ts'),
} as const satisfies Record<string, () => Promise<{ default: Reporter }>>;

export type Format = keyof typeof LOADERS;

export const FORMATS = Object.keys(LOADERS) as readonly Format[];

export async function loadReporter(format: Format): Promise<Reporter> {
  return (await LOADERS[format]()).default;
}
