/** The public API. The command line is a client of it. */
export { DEFAULT_PATTERNS_URL, type ScanOptions, scan, scanStream } from './api.ts';
export type { ScanEvent } from './events.ts';
export { decide, type GatePolicy } from './gate.ts';
export { parseInventory } from './inventory/inventory-file.ts';
export { type BadkeysData, parseBadkeysData, parseKnownList } from './inventory/known-list-file.ts';
export { type Anchor, type Claim, type Detector, defineDetector, type View } from './model/detector.ts';
export { FormatError, SourceError, UsageError } from './model/errors.ts';
export type { Finding, Gap, GapCode, Place, Severity, Traits, Verdict } from './model/finding.ts';
export type { InventoryEntry, PublicKeyNumbers } from './model/inventory.ts';
export type { KnownList } from './model/known-list.ts';
export type { Locator, Region, Span, Step } from './model/place.ts';
export type { Decision, ScanResult } from './model/result.ts';
export type { PreparedRule } from './model/rule.ts';
export { type LoadedRules, loadRules } from './rules/load-rules.ts';
export type { RunObserver } from './run.ts';
export { createScanner, type Scanner, type ScannerOptions, type ScanRequest } from './scanner.ts';
export type { Content, ScanTarget } from './targets.ts';
