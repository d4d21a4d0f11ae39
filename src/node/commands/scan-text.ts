import type { ReportedFinding } from '../../app/scan-file.ts';
import { onOneLine, shown } from '../../app/sentence.ts';
import type { Terminal } from './context.ts';
import { counted } from './report.ts';
import { policyRefusalOf, refusalOf } from './scan-refusal.ts';
import type { ScanResult } from './scan-result.ts';

/** One line a finding on stdout; problems and the totals on stderr. */
export function printText(
  result: ScanResult,
  shownFindings: readonly ReportedFinding[],
  terminal: Terminal,
): void {
  printLines(result, shownFindings, terminal);
  const { files, documents, milliseconds, findings, policyProblems } = result;
  const unfollowed = policyRefusalOf(policyProblems);
  if (unfollowed !== undefined) terminal.say(`purser: ${unfollowed}; correct it`);
  const errors = findings.filter(({ level }) => level === 'error').length;
  const looked = `${counted(files, 'file')}, ${counted(documents, 'document')} in ${milliseconds} ms`;
  terminal.say(
    `purser: ${looked}: ${counted(errors, 'error')}, ${counted(findings.length - errors, 'other')}`,
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
  const unfollowed = policyRefusalOf(result.policyProblems);
  if (unfollowed !== undefined)
    terminal.say(`purser: ${unfollowed}; correct it and stage it again, or commit with --no-verify`);
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
