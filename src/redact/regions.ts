/** Regions that are removed whole on request, whatever was found in them. */
import type { LayoutRegion } from '../model/format.ts';

export const REMOVABLE = ['environ', 'stacks', 'cmdline'] as const;
export type Removable = (typeof REMOVABLE)[number];

/** Formats call both environment and command line `environment`; the labels are theirs. */
const COMMAND_LINE = /command|cmd ?line|arguments|argv|PSINFO|\bexecutable\b/i;

/** Which request a region falls under. */
export function removableAs({ kind, label }: Pick<LayoutRegion, 'kind' | 'label'>): Removable | undefined {
  if (kind === 'stack') return 'stacks';
  if (kind !== 'environment') return undefined;
  return COMMAND_LINE.test(label) ? 'cmdline' : 'environ';
}
