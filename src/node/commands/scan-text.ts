import type { ReportedFinding } from '../../app/scan-file.ts';
import { onOneLine, shown } from '../../app/sentence.ts';
import type { Terminal } from './context.ts';
import { refusalOf } from './scan-refusal.ts';
import type { ScanResult } from './scan-result.ts';

/** One line a finding on stdout; problems and the totals on stderr. */
export function printText(
  result: ScanResult,
  shownFindings: readonly ReportedFinding[],
  terminal: Terminal,
): void {
  printLines(result, shownFindings, terminal);
  const { files, documents, milliseconds, findings } = result;
  const errors = findings.filter(({ level }) => level === 'error').length;
  terminal.say(
    `purser: ${files} files, ${documents} documents in ${milliseconds} ms: ${errors} errors, ${findings.length - errors} others`,
  );
}

/**
 * What a hook prints: first the sentence that says why the commit is refused, because VS Code shows one line. Where there
 * is nothing to say, nothing is said: that line may be another hook's.
 */
export function printStagedText(
  result: ScanResult,
  shownFindings: readonly ReportedFinding[],
  terminal: Terminal,
): void {
  const refusal = refusalOf(result.findings);
  if (refusal !== undefined) terminal.say(`purser: ${refusal}`);
  printLines(result, shownFindings, terminal);
}

function printLines(
  { problems }: ScanResult,
  shownFindings: readonly ReportedFinding[],
  terminal: Terminal,
): void {
  for (const { path, range, level, rule, message } of shownFindings) {
    terminal.out(
      `${shown(path)}:${range.start.line}:${range.start.column}: ${level} ${rule}: ${inFull(message)}\n`,
    );
  }
  for (const { path, line, message } of problems)
    terminal.say(`purser: ${shown(path)}:${line === undefined ? '' : `${line}:`} ${message}`);
}

const longestMessage = 400;

/** What to do stands at a message's end, so it is cut only where names in the file make it endless. */
export function inFull(message: string): string {
  const plain = onOneLine(message);
  return plain.length > longestMessage ? `${plain.slice(0, longestMessage)}…` : plain;
}
