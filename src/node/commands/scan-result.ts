import type { ReportedFinding, ReportedProblem } from '../../app/scan-file.ts';

/** What one scan saw. */
export interface ScanResult {
  readonly files: number;
  readonly documents: number;
  readonly bytes: number;
  readonly milliseconds: number;
  readonly findings: readonly ReportedFinding[];
  readonly problems: readonly ReportedProblem[];
  /** Those of the problems that stand in a `.purser.yaml`: what it asks for there was not looked for. */
  readonly policyProblems: readonly ReportedProblem[];
  /** A path that the person named is not there. */
  readonly missing: boolean;
}

/** Whether all was looked for that was to be. */
export function isComplete({ missing, policyProblems }: ScanResult): boolean {
  return !missing && policyProblems.length === 0;
}

/** Prints a scan, of whose findings only some are to be shown. */
export type ScanFormat = (result: ScanResult, shown: readonly ReportedFinding[]) => void;
