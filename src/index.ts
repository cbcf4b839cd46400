/** The public API. The command line is a client of it. */
export { DEFAULT_PATTERNS_URL, type ScanOptions, scan } from './api.ts';
export { decide, type GatePolicy } from './gate.ts';
export { parseInventory } from './inventory/inventory-file.ts';
export { type Anchor, type Claim, type Detector, defineDetector, type View } from './model/detector.ts';
export { FormatError, SourceError, UsageError } from './model/errors.ts';
export type { Finding, Gap, GapCode, Place, Severity, Traits, Verdict } from './model/finding.ts';
export type { InventoryEntry, PublicKeyNumbers } from './model/inventory.ts';
export type { Locator, Region, Span, Step } from './model/place.ts';
export type { Decision, ScanResult } from './model/result.ts';
export type { RunObserver } from './run.ts';
