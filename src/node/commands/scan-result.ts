import type { ReportedFinding, ReportedProblem } from '../../app/scan-file.ts';

/** What one scan saw. */
export interface ScanResult {
  readonly files: number;
  readonly documents: number;
  readonly bytes: number;
  readonly milliseconds: number;
  readonly findings: readonly ReportedFinding[];
  readonly problems: readonly ReportedProblem[];
  /** A path that the person named is not there. */
  readonly missing: boolean;
}

/** Prints a scan, of whose findings only some are to be shown. */
export type ScanFormat = (result: ScanResult, shown: readonly ReportedFinding[]) => void;
