/** What crosses the worker boundary: tasks in, results out. Wire types: positions and digests, never bytes. */
import type { Finding, Gap } from './finding.ts';
import type { Outline } from './outline.ts';
import type { PackedLeads } from './packed-leads.ts';
import type { Encoding, Locator, Span, Step } from './place.ts';
import { assertPlain } from './plain.ts';

/** Kinds of leads. The join stage groups leads by kind. */
export const LEAD_KINDS = [
  'base64url-value', // a run of base64url characters as long as a JWK member
  'number', // a run of 4 or more 8-byte words that look random: limbs, digits, a scalar, a seed, a public value
  'public-key', // the DER of a SubjectPublicKeyInfo, or an SSH public key
  'token', // a JWS with a MAC or an ECDSA signature, in compact form
  'text-key', // a run of base64 or hex characters as long as a key or a point
] as const;
export type LeadKind = (typeof LEAD_KINDS)[number];

/** The position of something that could be a part of a key. */
export type Lead = Span & { readonly kind: LeadKind; readonly encoding: Encoding };

/** Scan one input, or one byte range of it (ranges of one input partition it). */
export type ScanTask = {
  readonly kind: 'scan';
  readonly id: number;
  readonly locator: Locator;
  readonly trail: readonly Step[];
  readonly range?: Span;
};

/** The joins are dealt out in so many shares (join/index.ts says which), so that threads work on one artifact together. */
export const JOIN_SHARES = 4;

/** Join the leads of one artifact. */
export type JoinTask = {
  readonly kind: 'join';
  readonly id: number;
  readonly locator: Locator;
  readonly trail: readonly Step[];
  readonly leads: PackedLeads;
  /** Not all leads are here. */
  readonly isThinned?: boolean;
  /** Only the joins of this share, below `JOIN_SHARES`; all of them by default. */
  readonly share?: number;
};

export type Task = ScanTask | JoinTask;

export type Stats = {
  /** Bytes this task owned and searched. */
  readonly bytes: number;
  /** Of these, bytes in all-zero pages, skipped. */
  readonly zeroBytes: number;
  readonly hits: number;
  /** Hits that a `parse` accepted. */
  readonly candidates: number;
  /** Candidates that a `verify` accepted. */
  readonly claims: number;
};

export const NO_STATS: Stats = { bytes: 0, zeroBytes: 0, hits: 0, candidates: 0, claims: 0 };

export function addStats(a: Stats, b: Stats): Stats {
  return {
    bytes: a.bytes + b.bytes,
    zeroBytes: a.zeroBytes + b.zeroBytes,
    hits: a.hits + b.hits,
    candidates: a.candidates + b.candidates,
    claims: a.claims + b.claims,
  };
}

export type TaskResult = {
  readonly id: number;
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly leads: PackedLeads;
  /** What the inputs and members are that this task was the first to open. */
  readonly outlines?: readonly Outline[];
  /** How many more there were. */
  readonly outlinesOmitted?: number;
  /** Work that turned out too large for one task. */
  readonly rest: readonly Task[];
  readonly stats: Stats;
};

assertPlain<Task>();
assertPlain<TaskResult>();
