import { relative, sep } from 'node:path';
import { copiedCiphertext } from '../../app/copied-ciphertext.ts';
import { fluxFindings } from '../../app/flux-findings.ts';
import { type FoundFile, RepositoryScan } from '../../app/repository-scan.ts';
import type { FileReport, ReportedFinding, ReportedProblem } from '../../app/scan-file.ts';
import type { Level } from '../../audit/finding.ts';
import { noSuchFile } from '../walk.ts';
import type { CliContext, ExitCode } from './context.ts';
import { usage } from './file-io.ts';
import { isComplete, type ScanFormat, type ScanResult } from './scan-result.ts';
import { openSource, type ScanSource, type SourceOptions } from './scan-source.ts';

export interface ScanOptions extends SourceOptions {
  readonly format: string;
  readonly level: string;
}

const rank: { readonly [L in Level]: number } = { error: 0, warning: 1, information: 2 };

/** `purser scan`: every finding below these paths, in what is staged, or in what changed. */
export async function scan(options: ScanOptions, context: CliContext): Promise<ExitCode> {
  const { level, staged, since } = options;
  const format = await formatOf(options, context);
  if (!isLevel(level)) throw usage(`--level takes error, warning or information, not ${level}`);
  if (staged && since !== undefined) throw usage('--staged and --since exclude each other');
  const result = await lookThrough(await openSource(options, context), context);
  format(
    result,
    result.findings.filter((finding) => rank[finding.level] <= rank[level]),
  );
  if (!isComplete(result)) return 2;
  return result.findings.some((finding) => finding.level === 'error') ? 1 : 0;
}

function isLevel(text: string): text is Level {
  return Object.hasOwn(rank, text);
}

async function formatOf({ format, staged }: ScanOptions, { terminal }: CliContext): Promise<ScanFormat> {
  switch (format) {
    case 'text': {
      const { printText, printStagedText } = await import('./scan-text.ts');
      return (result, shown) => (staged ? printStagedText : printText)(result, shown, terminal);
    }
    case 'json': {
      const { asJson } = await import('./scan-json.ts');
      return (result, shown) => terminal.out(asJson(result, shown));
    }
    case 'sarif': {
      const { asSarif } = await import('./scan-sarif.ts');
      return (result, shown) => terminal.out(asSarif(result, shown));
    }
    default:
      throw usage(`--format takes text, json or sarif, not ${format}`);
  }
}

/** A report and the path it is about. */
interface ReportOf extends FileReport {
  readonly file: string;
}

async function lookThrough(source: ScanSource, { registry, terminal }: CliContext): Promise<ScanResult> {
  const started = performance.now();
  const shownPath = (path: string) => relative(terminal.cwd, path).split(sep).join('/') || '.';
  const repository = new RepositoryScan({ ...source, registry, shownPath });
  const totals = { files: 0, documents: 0, bytes: 0, missing: false };
  const reports = new Map<string, ReportOf>();
  const add = (file: FoundFile, report: FileReport | undefined) => {
    if (file.problem === noSuchFile()) totals.missing = true;
    if (report === undefined) return;
    if (source.tells(file.path)) count(totals, report);
    // Two names that are no UTF-8 may look the same.
    const key = reports.has(file.path) ? `${file.path}\0${reports.size}` : file.path;
    if (hasMore(report)) reports.set(key, { ...report, file: file.path });
  };
  await lookAtAll(source.found, repository, add);
  const { findings, problems } = gather(reports, source);
  const milliseconds = Math.round(performance.now() - started);
  const policyProblems = problems.filter((problem) => repository.policyProblems.has(problem));
  return { ...totals, milliseconds, findings, problems, policyProblems };
}

function count(totals: { files: number; documents: number; bytes: number }, report: FileReport): void {
  // What was not read has no documents.
  if (report.documents > 0) totals.files++;
  totals.documents += report.documents;
  totals.bytes += report.bytes;
}

/** Nearly every file is done at once; waiting for each all the same would take longer than reading them. */
async function lookAtAll(
  found: ScanSource['found'],
  repository: RepositoryScan,
  add: (file: FoundFile, report: FileReport | undefined) => void,
): Promise<void> {
  if (Symbol.asyncIterator in found) {
    for await (const file of found) add(file, await repository.look(file));
    return;
  }
  for (const file of found) {
    const report = repository.look(file);
    add(file, report instanceof Promise ? await report : report);
  }
}

/** Whether a report is needed to the end: of most files it is not. */
function hasMore({ findings, problems, tokens, elsewhere, flux }: FileReport): boolean {
  if (flux !== undefined) return true;
  return findings.length > 0 || problems.length > 0 || tokens.length > 0 || elsewhere.length > 0;
}

/**
 * Two manifests may point to one file: what stands in it is told once. It is told where either of them is to be told of:
 * a file that was committed as something else may become a Secret.
 */
function gather(
  reports: ReadonlyMap<string, ReportOf>,
  { tells, isWhole }: Pick<ScanSource, 'tells' | 'isWhole'>,
): Pick<ScanResult, 'findings' | 'problems'> {
  const copied = copiedCiphertext(reports);
  const flux = isWhole ? fluxFindings(reports) : new Map<string, readonly ReportedFinding[]>();
  const findings: ReportedFinding[] = [];
  const problems: ReportedProblem[] = [];
  const followed = new Map<string, readonly ReportedFinding[]>();
  for (const [key, report] of reports) {
    for (const { path, findings: found } of report.elsewhere)
      if (tells(report.file) || tells(path)) followed.set(path, found);
    if (!tells(report.file)) continue;
    // One by one: a file may have more of them than a call may have arguments.
    for (const finding of report.findings) findings.push(finding);
    for (const finding of copied.get(key) ?? []) findings.push(finding);
    for (const finding of flux.get(key) ?? []) findings.push(finding);
    for (const problem of report.problems) problems.push(problem);
  }
  for (const found of followed.values()) for (const finding of found) findings.push(finding);
  return { findings, problems };
}
