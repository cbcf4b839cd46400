/**
 * A reporter: one output format, one file. It turns a result into text, piece by piece; where the text goes is the
 * caller's business.
 */
import type { Detector } from '../model/detector.ts';
import type { Finding, Gap } from '../model/finding.ts';
import type { Decision, ScanResult } from '../model/result.ts';

export interface ReportContext {
  readonly tool: { readonly name: string; readonly version: string };
  /** Colours and bold, for a terminal. */
  readonly colour: boolean;
  /** Empty unless the reporter `needsDetectors`. */
  readonly detectors: readonly Pick<Detector, 'id' | 'title' | 'doc' | 'severity'>[];
}

export type Report = ScanResult & Pick<Decision, 'verdict' | 'exitCode' | 'failing' | 'failed' | 'gapCodes'>;

export interface Reporter {
  /** As `--format` names it. */
  readonly id: string;
  /** It describes the detectors as well. */
  readonly needsDetectors?: boolean;
  /** Sightings and gaps while the scan runs, each once; a key that lies at many places comes many times. */
  finding?(finding: Finding): string;
  gap?(gap: Gap): string;
  /** The whole result. */
  end(report: Report, context: ReportContext): Iterable<string>;
}
