import * as l10n from '@vscode/l10n';
import { printGroupResource } from '../../manifest/at-rest/group-resource.ts';
import { shown } from '../sentence.ts';
import { keyInWords } from './key-words.ts';
import type { StoredCount, ValueAge } from './snapshot-audit.ts';

const ages: readonly ValueAge[] = ['current', 'superseded', 'deleted', 'untold'];

/** How old a value is, as reports say it. */
export const ageWords: { readonly [A in ValueAge]: () => string } = {
  current: () => l10n.t('current'),
  superseded: () => l10n.t('replaced'),
  deleted: () => l10n.t('deleted'),
  untold: () => l10n.t('current or older'),
};

/** What wrote how many values of each resource, one line each, aligned. Ages of which there are none anywhere have no column, but for the first. */
export function auditTable(counts: readonly StoredCount[]): string[] {
  const columns = ages.filter((age, index) => index === 0 || counts.some((count) => count[age] > 0));
  const rows = counts
    .map((count) => [
      nameOf(count),
      keyInWords(count),
      ...columns.map((age) => count[age].toLocaleString('en-US')),
    ])
    .toSorted(byName);
  const head = [l10n.t('resource'), l10n.t('written by'), ...columns.map((age) => ageWords[age]())];
  const table = [head, ...rows];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table.map((row) => row.map((cell, column) => padded(cell, column, widths[column] ?? 0)).join('  '));
}

/** Names to the left, numbers to the right. */
function padded(cell: string, column: number, width: number): string {
  return column < 2 ? cell.padEnd(width) : cell.padStart(width);
}

function nameOf({ resource }: StoredCount): string {
  return resource === undefined ? l10n.t('(others)') : shown(printGroupResource(resource));
}

function byName(
  [name = '', writer = '']: readonly string[],
  [other = '', by = '']: readonly string[],
): number {
  if (name !== other) return name < other ? -1 : 1;
  return writer < by ? -1 : 1;
}
