import { relative, resolve, sep } from 'node:path';
import { onOneLine, sentenceOf, shown } from '../../app/messages.ts';
import type { PolicyAnswer } from '../../app/policy-finder.ts';
import {
  type FileReport,
  type ReportedFinding,
  type ReportedProblem,
  scanFile,
} from '../../app/scan-file.ts';
import type { Level } from '../../audit/finding.ts';
import { Failure } from '../../core/errors.ts';
import { noSuchFile, walk } from '../walk.ts';
import type { CliContext, ExitCode } from './context.ts';
import { usage } from './file-io.ts';

export interface ScanOptions {
  readonly paths: readonly string[];
  readonly format: string;
  readonly level: string;
}

interface Totals {
  files: number;
  documents: number;
  bytes: number;
  readonly findings: ReportedFinding[];
  readonly problems: ReportedProblem[];
  /** The policies whose problems were told. */
  readonly policies: Set<string>;
  /** A path that the person named is not there. */
  missing: boolean;
}

const rank: { readonly [L in Level]: number } = { error: 0, warning: 1, information: 2 };

/** `purser scan`: every finding below these paths. */
export async function scan(options: ScanOptions, context: CliContext): Promise<ExitCode> {
  const { format, level } = options;
  if (format !== 'text' && format !== 'json') throw usage(`--format takes text or json, not ${format}`);
  if (!isLevel(level)) throw usage(`--level takes error, warning or information, not ${level}`);
  const started = performance.now();
  const totals: Totals = {
    files: 0,
    documents: 0,
    bytes: 0,
    findings: [],
    problems: [],
    policies: new Set(),
    missing: false,
  };
  const policies = context.policies.remembering();
  for (const path of options.paths.length === 0 ? ['.'] : options.paths)
    await scanTree(path, totals, { ...context, policies });
  const milliseconds = Math.round(performance.now() - started);
  const shownFindings = totals.findings.filter((finding) => rank[finding.level] <= rank[level]);
  if (format === 'json') printJson(totals, shownFindings, milliseconds, context);
  else printText(totals, shownFindings, milliseconds, context);
  if (totals.missing) return 2;
  return totals.findings.some((finding) => finding.level === 'error') ? 1 : 0;
}

function isLevel(text: string): text is Level {
  return Object.hasOwn(rank, text);
}

async function scanTree(path: string, totals: Totals, context: CliContext): Promise<void> {
  const root = resolve(context.terminal.cwd, path);
  const listed = (folder: string, names: readonly string[]) => context.files.listed(folder, names);
  for (const found of walk(root, listed)) {
    const { problem } = found;
    if (problem === noSuchFile) totals.missing = true;
    if (problem === undefined) await scanOne(found.path, totals, context);
    else totals.problems.push({ path: reportedPath(found.path, context), line: undefined, message: problem });
  }
}

function reportedPath(path: string, { terminal }: CliContext): string {
  return relative(terminal.cwd, path).split(sep).join('/') || '.';
}

async function scanOne(path: string, totals: Totals, context: CliContext): Promise<void> {
  const { files, policies, registry } = context;
  const shownPath = () => reportedPath(path, context);
  try {
    const answer = await policies.findPolicy(path);
    tellPolicyProblems(answer, totals, context);
    if (answer.ignored) return;
    const bytes = files.readNow(path);
    add(totals, bytes.byteLength, scanFile(shownPath, bytes, registry, answer.policy?.severity ?? new Map()));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    totals.problems.push({ path: shownPath(), line: error.place.line, message: sentenceOf(error) });
  }
}

function tellPolicyProblems({ file, problems }: PolicyAnswer, totals: Totals, context: CliContext): void {
  if (file === undefined || totals.policies.has(file)) return;
  totals.policies.add(file);
  const path = reportedPath(file, context);
  for (const { line, message } of problems) totals.problems.push({ path, line, message: onOneLine(message) });
}

function add(totals: Totals, bytes: number, report: FileReport): void {
  totals.files++;
  totals.bytes += bytes;
  totals.documents += report.documents;
  // One by one: a file may have more of them than a call may have arguments.
  for (const finding of report.findings) totals.findings.push(finding);
  for (const problem of report.problems) totals.problems.push(problem);
}

function printJson(
  totals: Totals,
  findings: readonly ReportedFinding[],
  milliseconds: number,
  { terminal }: CliContext,
): void {
  const { files, documents, bytes, problems } = totals;
  terminal.out(
    `${JSON.stringify({ version: 1, scanned: { files, documents, bytes, milliseconds }, findings, problems })}\n`,
  );
}

function printText(
  totals: Totals,
  findings: readonly ReportedFinding[],
  milliseconds: number,
  { terminal }: CliContext,
): void {
  for (const { path, range, level, rule, message } of findings) {
    terminal.out(
      `${shown(path)}:${range.start.line}:${range.start.column}: ${level} ${rule}: ${shown(message)}\n`,
    );
  }
  for (const { path, line, message } of totals.problems) {
    terminal.say(`purser: ${shown(path)}:${line === undefined ? '' : `${line}:`} ${message}`);
  }
  const errors = totals.findings.filter(({ level }) => level === 'error').length;
  const others = totals.findings.length - errors;
  terminal.say(
    `purser: ${totals.files} files, ${totals.documents} documents in ${milliseconds} ms: ${errors} errors, ${others} others`,
  );
}
