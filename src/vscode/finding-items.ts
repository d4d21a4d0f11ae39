import { l10n, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, workspace } from 'vscode';
import type { Level } from '../audit/finding.ts';
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
  item.accessibilityInformation = {
    label: l10n.t('not looked into: {0}, {1}', problem.message, item.description),
  };
  item.command = { title: l10n.t('Open'), command: 'vscode.open', arguments: [file] };
  return item;
}

function findingItem({ file, finding }: FindingRow, grouping: Grouping): TreeItem {
  const { rule, level, message, entry, range } = finding;
  const item = new TreeItem(entry ?? message);
  const line = range.start.line + 1;
  item.description = grouping === 'file' ? `${l10n.t('line {0}', line)} · ${rule}` : placeOf(file, line);
  item.tooltip = `${message}\n${rule} · ${placeOf(file, line)}`;
  item.iconPath = iconOf(level);
  item.contextValue = kindOf(finding);
  item.accessibilityInformation = { label: spoken[level](message, placeOf(file, line)) };
  item.command = { title: l10n.t('Open'), command: 'vscode.open', arguments: [file, { selection: range }] };
  return item;
}

const spoken: { readonly [L in Level]: (message: string, place: string) => string } = {
  error: (message, place) => l10n.t('error: {0}, {1}', message, place),
  warning: (message, place) => l10n.t('warning: {0}, {1}', message, place),
  information: (message, place) => l10n.t('information: {0}, {1}', message, place),
};

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
  item.accessibilityInformation = { label: spokenGroup(row, shownName, total) };
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

function spokenGroup(row: GroupRow['row'], name: string, total: number): string {
  if (row === 'problems')
    return total === 1 ? l10n.t('{0}, 1 problem', name) : l10n.t('{0}, {1} problems', name, total);
  return total === 1 ? l10n.t('{0}, 1 finding', name) : l10n.t('{0}, {1} findings', name, total);
}

function placeOf(file: GroupRow['file'] & object, line: number | undefined): string {
  return `${workspace.asRelativePath(file)}${line === undefined ? '' : `:${line}`}`;
}

function iconOf(level: Level): ThemeIcon {
  if (level === 'error') return new ThemeIcon('error', new ThemeColor('list.errorForeground'));
  if (level === 'warning') return new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
  return new ThemeIcon('info');
}
