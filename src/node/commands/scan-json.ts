import type { ReportedFinding } from '../../app/scan-file.ts';
import type { ScanResult } from './scan-result.ts';

/** The JSON that scripts rely on: one object on one line. */
export function asJson(result: ScanResult, findings: readonly ReportedFinding[]): string {
  const { files, documents, bytes, milliseconds, problems } = result;
  const scanned = { files, documents, bytes, milliseconds };
  return `${JSON.stringify({ version: 1, scanned, findings, problems })}\n`;
}
