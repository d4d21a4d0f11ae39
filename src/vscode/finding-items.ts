import { ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, workspace } from 'vscode';
import type { Level } from '../audit/finding.ts';
import { count } from './counts.ts';
import { isAboutFile, isSealable, type ShownFinding } from './file-findings.ts';
import type { FindingRow, Grouping, GroupRow, Row } from './finding-rows.ts';

/** How a row of the Findings view looks, and how a screen reader says it. */
export function itemOf(row: Row, grouping: Grouping): TreeItem {
  if (row.row === 'finding') return findingItem(row, grouping);
  if (row.row === 'note') return new TreeItem(row.text);
  if (row.row !== 'problem') return groupItem(row);
  const { file, problem } = row;
  const item = new TreeItem(problem.message);
  item.description = placeOf(row.file, problem.line);
  item.tooltip = `${problem.message}\n${item.description}`;
  item.command = { title: 'Open', command: 'vscode.open', arguments: [file] };
  return item;
}

function findingItem({ file, finding }: FindingRow, grouping: Grouping): TreeItem {
  const { rule, level, message, entry, range } = finding;
  const item = new TreeItem(entry ?? message);
  const line = range.start.line + 1;
  item.description = grouping === 'file' ? `line ${line} · ${rule}` : placeOf(file, line);
  item.tooltip = `${message}\n${rule} · ${placeOf(file, line)}`;
  item.iconPath = iconOf(level);
  item.contextValue = kindOf(finding);
  item.accessibilityInformation = { label: `${level}: ${message}, ${placeOf(file, line)}` };
  item.command = { title: 'Open', command: 'vscode.open', arguments: [file, { selection: range }] };
  return item;
}

/** What the menus of package.json tell rows apart by. */
function kindOf(finding: ShownFinding): string {
  if (isSealable(finding)) return 'finding.value';
  return isAboutFile(finding) ? 'finding.file' : 'finding';
}

function groupItem({ row, name, file, total, level }: GroupRow): TreeItem {
  const state = row === 'problems' ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded;
  const item = new TreeItem(file === undefined ? name : (name.split(/[/\\]/).at(-1) ?? name), state);
  item.id = `${row} ${name}`;
  item.contextValue = row;
  const shownName = file === undefined ? name : workspace.asRelativePath(file);
  item.accessibilityInformation = { label: `${shownName}, ${count(total, nouns[row])}` };
  if (file === undefined) {
    item.description = String(total);
    item.iconPath = row === 'problems' ? new ThemeIcon('circle-slash') : iconOf(level);
    return item;
  }
  const folder = shownName.slice(0, Math.max(0, shownName.lastIndexOf('/')));
  item.description = folder === '' ? String(total) : `${folder} · ${total}`;
  item.resourceUri = file;
  item.iconPath = ThemeIcon.File;
  return item;
}

const nouns = { file: 'finding', rule: 'finding', problems: 'problem' } as const;

function placeOf(file: GroupRow['file'] & object, line: number | undefined): string {
  return `${workspace.asRelativePath(file)}${line === undefined ? '' : `:${line}`}`;
}

function iconOf(level: Level): ThemeIcon {
  if (level === 'error') return new ThemeIcon('error', new ThemeColor('list.errorForeground'));
  if (level === 'warning') return new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
  return new ThemeIcon('info');
}
