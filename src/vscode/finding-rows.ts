import { l10n, type Uri } from 'vscode';
import type { ReportedProblem } from '../app/scan-file.ts';
import type { Level } from '../audit/finding.ts';
import type { FileFindings, ShownFinding } from './file-findings.ts';
import type { LinePlace } from './targets.ts';

/** A finding's row. It is also what commands on it are given: a place, never a value. */
export interface FindingRow extends LinePlace {
  readonly row: 'finding';
  readonly file: Uri;
  readonly finding: ShownFinding;
}

export interface GroupRow {
  readonly row: 'file' | 'rule' | 'problems';
  readonly name: string;
  /** The file, where it is the group of one. */
  readonly file: Uri | undefined;
  readonly children: readonly Row[];
  /** How many there are below, those that are not shown included. */
  readonly total: number;
  /** The worst level below. */
  readonly level: Level;
}

interface ProblemRow {
  readonly row: 'problem';
  readonly file: Uri;
  readonly problem: ReportedProblem;
}

/** The end of a list that is too long to be shown. */
interface NoteRow {
  readonly row: 'note';
  readonly text: string;
}

export type Row = FindingRow | GroupRow | ProblemRow | NoteRow;

export type Grouping = 'file' | 'rule';

/** A tree draws itself slowly with more below one row. */
const shownAtMost = 1000;
const ranks: { readonly [L in Level]: number } = { error: 0, warning: 1, information: 2 };

/** The rows at the top: groups of findings, and at the end what could not be looked into. */
export function rowsOf(files: readonly FileFindings[], grouping: Grouping): readonly GroupRow[] {
  const groups = grouping === 'file' ? files.flatMap(fileGroup) : ruleGroups(files);
  return [...groups, ...problemGroup(files)];
}

function fileGroup({ uri, shown, total }: FileFindings): readonly GroupRow[] {
  const [first] = shown;
  if (first === undefined) return [];
  const children = listed(
    shown.map((finding) => findingRow(uri, finding)),
    total,
  );
  return [{ row: 'file', name: uri.fsPath, file: uri, children, total, level: worstOf(shown) }];
}

function ruleGroups(files: readonly FileFindings[]): readonly GroupRow[] {
  const byRule = new Map<string, FindingRow[]>();
  for (const { uri, shown } of files) {
    for (const finding of shown) {
      const rows = byRule.get(finding.rule);
      if (rows === undefined) byRule.set(finding.rule, [findingRow(uri, finding)]);
      else rows.push(findingRow(uri, finding));
    }
  }
  return [...byRule]
    .map(([name, rows]): GroupRow => {
      const level = worstOf(rows.map(({ finding }) => finding));
      const children = listed(rows, rows.length);
      return { row: 'rule', name, file: undefined, children, total: rows.length, level };
    })
    .toSorted((a, b) => ranks[a.level] - ranks[b.level] || (a.name < b.name ? -1 : 1));
}

function problemGroup(files: readonly FileFindings[]): readonly GroupRow[] {
  const rows = files.flatMap(({ uri, problems }) =>
    problems.map((problem): Row => ({ row: 'problem', file: uri, problem })),
  );
  if (rows.length === 0) return [];
  const children = listed(rows, rows.length);
  const name = l10n.t('Not looked into');
  return [{ row: 'problems', name, file: undefined, children, total: rows.length, level: 'information' }];
}

function findingRow(file: Uri, finding: ShownFinding): FindingRow {
  const { line, character } = finding.range.start;
  const { rule, entry } = finding;
  return { row: 'finding', uri: file.toString(), line, character, rule, entry, file, finding };
}

function listed(rows: readonly Row[], total: number): readonly Row[] {
  const children = rows.slice(0, shownAtMost);
  const missing = total - children.length;
  return missing === 0 ? children : [...children, { row: 'note', text: l10n.t('and {0} more', missing) }];
}

function worstOf(findings: readonly ShownFinding[]): Level {
  let worst: Level = 'information';
  for (const { level } of findings) if (ranks[level] < ranks[worst]) worst = level;
  return worst;
}
