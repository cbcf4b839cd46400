/**
 * Keeps account of artifacts (one input, or one member of a container in it) while they are scanned: when the last
 * task of one is done, its leads become one join.
 */
import { appendLeads, type PackedLeads } from './model/packed-leads.ts';
import type { JoinTask, ScanTask } from './model/task.ts';

/** Leads kept for one artifact's joins, 24 bytes each: twice what one join task takes of all kinds. */
export const MAX_ARTIFACT_LEADS = 500_000;

interface Artifact {
  /** Scan tasks queued or in flight. */
  open: number;
  readonly leads: number[];
  /** Leads were left out. */
  isThinned: boolean;
}

type ScanWork = Pick<ScanTask, 'locator' | 'trail'>;

export interface Artifacts {
  /** A scan task of this artifact was queued. */
  open(work: ScanWork): void;
  /**
   * A scan task of this artifact is done: `join` when it was the last one, `full` when leads had to be dropped.
   * Queue the rest of a task before closing it, so that the artifact stays open.
   * @param isThinned the task left some out
   */
  close(
    work: ScanWork,
    leads: PackedLeads,
    isThinned?: boolean,
  ): { readonly join?: Omit<JoinTask, 'id'>; readonly full: boolean };
}

export function createArtifacts(maxLeads = MAX_ARTIFACT_LEADS): Artifacts {
  const artifacts = new Map<string, Artifact>();
  const keyOf = ({ locator, trail }: ScanWork): string => JSON.stringify([locator.source, locator.id, trail]);
  const artifactOf = (key: string): Artifact => {
    let artifact = artifacts.get(key);
    if (!artifact) {
      artifact = { open: 0, leads: [], isThinned: false };
      artifacts.set(key, artifact);
    }
    return artifact;
  };
  return {
    open(work) {
      artifactOf(keyOf(work)).open++;
    },
    close({ locator, trail }, leads, isThinned = false) {
      const key = keyOf({ locator, trail });
      const artifact = artifactOf(key);
      const full = !appendLeads(artifact.leads, leads, maxLeads);
      artifact.isThinned ||= full || isThinned;
      if (--artifact.open > 0) return { full };
      artifacts.delete(key);
      if (artifact.leads.length === 0) return { full };
      return { full, join: { kind: 'join', locator, trail, leads: artifact.leads, isThinned: artifact.isThinned } };
    },
  };
}
