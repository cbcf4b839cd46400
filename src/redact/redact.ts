/**
 * Redacts one input: scans it, searches it for every part of the keys that were found, writes it anew without them, and
 * scans what was written, until nothing is found. Nothing is handed on that was not searched and found clean.
 */
import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { type ScanOptions, scan } from '../api.ts';
import { decide, type GatePolicy } from '../gate.ts';
import { createMerger } from '../merge.ts';
import type { Finding, Gap } from '../model/finding.ts';
import type { Input } from '../model/input.ts';
import type { ScanResult } from '../model/result.ts';
import { loadPlugins } from '../scan/open.ts';
import { openFile } from '../sources/file-input.ts';
import type { Draft } from './draft.ts';
import { Edits } from './edits.ts';
import { ENCODERS } from './encoders.ts';
import { KnownParts, OWN_LABEL } from './known-parts.ts';
import { type Removable, removableAs } from './regions.ts';
import { rewrite } from './rewrite.ts';

/** Drafts that are written before giving up: what one of them shows is gone in the next. */
const MAX_ROUNDS = 4;

export interface RedactSource {
  /** What `scan` takes: a path, or `-`. */
  readonly spec: string;
  readonly openStdin?: (() => Input) | undefined;
  /** Opens it for writing it anew. */
  open(): Input;
}

/** Throws what the system says when the path leads nowhere. */
export function sourceOfFile(path: string): RedactSource {
  return { spec: path, open: () => openFile(realpathSync(path)) };
}

/** Bytes that are kept: what a scan takes for standard input. */
export function sourceOfSpool(open: () => Input): RedactSource {
  return { spec: '-', openStdin: open, open };
}

export interface RedactOptions {
  readonly scan: ScanOptions;
  readonly allowGaps: GatePolicy['allowGaps'];
  readonly also: ReadonlySet<Removable>;
  /** Overwrite published test keys as well. */
  readonly known: boolean;
}

export interface Redaction<D extends Draft> {
  /**
   * - `clean`: the draft holds nothing that dumpsieve finds;
   * - `incomplete`: parts were not searched, so they can't be redacted;
   * - `changed`: the input is another one now;
   * - `dirty`: something is still found after all rounds.
   */
  readonly outcome: 'clean' | 'incomplete' | 'changed' | 'dirty';
  /** Only when clean; the caller moves or discards it. */
  readonly draft?: D;
  /** What was overwritten (when clean), or would have been. */
  readonly findings: readonly Finding[];
  /** Regions that were removed whole. */
  readonly regions: number;
  /** Gaps of the scan that decided. */
  readonly gaps: readonly Gap[];
  /** What is left when dirty. */
  readonly left: readonly Finding[];
  readonly keysOverflowed: boolean;
  /** Of the scan of the draft when there is one. */
  readonly lastScan: ScanResult;
}

/**
 * Throws NotRedactable, SourceError (the draft can't be written), UsageError. Of all drafts at most the clean one is left,
 * for the caller.
 */
export async function redact<D extends Draft>(
  source: RedactSource,
  createDraft: () => D,
  options: RedactOptions,
): Promise<Redaction<D>> {
  const fingerprintKey = options.scan.fingerprintKey ?? new Uint8Array(randomBytes(32));
  const edits = new Edits();
  const regions = new Edits();
  const parts = new KnownParts();
  const merger = createMerger();
  const isWanted = ({ verdict }: Finding): boolean => options.known || verdict !== 'known';

  async function search({ spec, openStdin }: Pick<RedactSource, 'spec' | 'openStdin'>, isInput: boolean) {
    const isTargeted = parts.size > 0;
    const result = await scan([spec], {
      ...options.scan,
      fingerprintKey,
      memoryKeys: 'all',
      inventory: [...(options.scan.inventory ?? []), ...parts.inventory],
      openStdin,
      redaction: {
        onSecret(finding, secret, publicKey) {
          if (isWanted(finding)) parts.add(finding, secret, publicKey);
          else secret.fill(0);
        },
        onLayout(trail, layout) {
          if (!isInput) return;
          for (const region of layout.regions) {
            const kind = removableAs(region);
            if (kind && options.also.has(kind)) {
              regions.add(trail, { start: region.start, end: region.end, encoding: 'bytes' });
            }
          }
        },
        // Keys that are found on the way are searched for in the next round.
        ...(isTargeted && { findParts: (window, own, data) => parts.find(window, own, data) }),
      },
    });
    const findings = result.findings.filter(isWanted);
    let isNew = false;
    for (const finding of findings) {
      if (isInput) merger.add(withoutLabel(finding));
      for (const place of finding.places) if (edits.addPlace(place)) isNew = true;
    }
    // Its own budget is for combining; the exact parts of these keys were searched for at every offset.
    const isCovered = ({ code, detector }: Gap): boolean =>
      code === 'over-budget' && detector === 'inventory' && !options.scan.inventory?.length;
    const gaps = result.gaps.filter((gap) => !isCovered(gap));
    const isIncomplete = !decide([], gaps, { failOn: 'none', allowGaps: options.allowGaps }).open;
    return { result, findings, gaps, isNew, isStopped: isIncomplete || result.interrupted };
  }

  const end = (
    outcome: Redaction<D>['outcome'],
    last: Awaited<ReturnType<typeof search>>,
    draft?: D,
  ): Redaction<D> => ({
    outcome,
    ...(draft && { draft }),
    findings: merger.findings(),
    regions: regions.size,
    gaps: last.gaps,
    left: outcome === 'dirty' ? last.findings : [],
    keysOverflowed: parts.overflowed,
    lastScan: last.result,
  });

  try {
    let last = await search(source, true);
    if (last.isStopped) return end('incomplete', last);
    if (parts.size > 0) {
      // Keys that only the search for parts brings up have parts themselves.
      for (let size = 0; size !== parts.size; ) {
        size = parts.size;
        last = await search(source, true);
        if (last.isStopped) return end('incomplete', last);
      }
    }
    const plugins = await loadPlugins();
    for (let round = 0; round < MAX_ROUNDS && !parts.overflowed; round++) {
      const draft = createDraft();
      try {
        const changed = await write(source, draft, edits, regions, plugins);
        if (changed) {
          draft.discard();
          return end('changed', last);
        }
        last = await search(draft, false);
      } catch (error) {
        draft.discard();
        throw error;
      }
      if (!last.isStopped && last.findings.length === 0) return end('clean', last, draft);
      draft.discard();
      if (last.isStopped) return end('incomplete', last);
      if (!last.isNew) break;
    }
    return end('dirty', last);
  } finally {
    parts.wipe();
  }
}

/** The keys that were found are an inventory of our own, which no report names. */
function withoutLabel(finding: Finding): Finding {
  if (finding.traits.inventory !== OWN_LABEL) return finding;
  const { inventory: _, ...traits } = finding.traits;
  return { ...finding, traits };
}

/** Returns whether the input is another one now. */
async function write(
  source: RedactSource,
  draft: Draft,
  edits: Edits,
  regions: Edits,
  plugins: Awaited<ReturnType<typeof loadPlugins>>,
): Promise<boolean> {
  const input = source.open();
  try {
    for await (const piece of rewrite(input, edits.with(regions).tree, { plugins, encoders: ENCODERS }))
      draft.write(piece);
    draft.finish();
    return (await input.check?.()) !== undefined;
  } finally {
    await input.close();
  }
}
