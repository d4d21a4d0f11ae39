import { type FileFindings, nothingFound } from '../../src/vscode/file-findings.ts';
import { Uri } from './fake-vscode.ts';

/** What a scan tells of a file in which one secret stands in plaintext. */
export function onePlaintext(path: string): FileFindings {
  return { ...nothingFound(Uri.file(path) as never), total: 1, plaintext: { errors: 1, others: 0 } };
}
