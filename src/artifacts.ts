/**
 * Keeps account of artifacts (one input, or one member of a container in it) while they are scanned: when the last
 * task of one is done, its leads become one join.
 */
import type { JoinTask, Lead, ScanTask } from './model/task.ts';

/** Leads kept for one artifact's join, about 100 bytes each. */
export const MAX_ARTIFACT_LEADS = 500_000;

interface Artifact {
  /** Scan tasks queued or in flight. */
  open: number;
  readonly leads: Lead[];
}

type ScanWork = Pick<ScanTask, 'locator' | 'trail'>;

export interface Artifacts {
  /** A scan task of this artifact was queued. */
  open(work: ScanWork): void;
  /**
   * A scan task of this artifact is done: `join` when it was the last one, `full` when leads had to be dropped.
   * Queue the rest of a task before closing it, so that the artifact stays open.
   */
  close(work: ScanWork, leads: readonly Lead[]): { readonly join?: Omit<JoinTask, 'id'>; readonly full: boolean };
}

export function createArtifacts(maxLeads = MAX_ARTIFACT_LEADS): Artifacts {
  const artifacts = new Map<string, Artifact>();
  const keyOf = ({ locator, trail }: ScanWork): string => JSON.stringify([locator.source, locator.id, trail]);
  const artifactOf = (key: string): Artifact => {
    let artifact = artifacts.get(key);
    if (!artifact) {
      artifact = { open: 0, leads: [] };
      artifacts.set(key, artifact);
    }
    return artifact;
  };
  return {
    open(work) {
      artifactOf(keyOf(work)).open++;
    },
    close({ locator, trail }, leads) {
      const key = keyOf({ locator, trail });
      const artifact = artifactOf(key);
      const room = maxLeads - artifact.leads.length;
      for (const lead of leads.slice(0, room)) artifact.leads.push(lead);
      const full = leads.length > room;
      if (--artifact.open > 0) return { full };
      artifacts.delete(key);
      if (artifact.leads.length === 0) return { full };
      const sorted = artifact.leads.sort((a, b) => a.start - b.start || a.end - b.end);
      return { full, join: { kind: 'join', locator, trail, leads: sorted } };
    },
  };
}
