/** The public API. The command line is a client of it. */
export { DEFAULT_PATTERNS_URL, type ScanOptions, scan } from './api.ts';
export { decide, type GatePolicy } from './gate.ts';
export { type Anchor, type Claim, type Detector, defineDetector, type View } from './model/detector.ts';
export { FormatError, SourceError, UsageError } from './model/errors.ts';
export type { Finding, Gap, GapCode, Place, Severity, Traits, Verdict } from './model/finding.ts';
export type { Locator, Region, Span, Step } from './model/place.ts';
export type { Decision, ScanResult } from './model/result.ts';
export type { RunObserver } from './run.ts';
