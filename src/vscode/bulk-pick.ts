import { l10n, type QuickPickItem, QuickPickItemKind, type Uri, workspace } from 'vscode';
import type { HowToSeal } from '../app/how-to-seal.ts';
import { entryName, type Located } from '../manifest/address.ts';
import type { BulkCandidates, BulkFile } from './bulk-candidates.ts';
import { pickSome } from './pick-some.ts';

/** The title of the list of what is left alone. */
export function notEncryptedTitle(): string {
  return l10n.t('What Cannot Be Encrypted');
}

/** What the person wants encrypted of a file. */
export interface BulkChoice {
  readonly file: BulkFile;
  /** Nothing where they are not chosen one by one. */
  readonly values: readonly Located[];
}

interface ValueItem extends QuickPickItem {
  readonly file?: BulkFile;
  readonly located?: Located;
}

/** Shows all that can be encrypted, every value with a checkbox. Undefined where the person gave up. */
export async function pickValues(candidates: BulkCandidates): Promise<readonly BulkChoice[] | undefined> {
  const { files, refusals } = candidates;
  const chosen = await pickSome({
    title: [l10n.t('Encrypt All Findings'), ...leftOut(refusals.length)].join(' · '),
    placeholder: l10n.t('Which values are to be encrypted, as the policy says?'),
    items: files.flatMap(itemsOf),
    refusals,
    refusalsTitle: notEncryptedTitle(),
  });
  return chosen && choicesOf(files, chosen);
}

function leftOut(refusals: number): readonly string[] {
  if (refusals === 0) return [];
  return [
    refusals === 1
      ? l10n.t('1 other cannot be encrypted')
      : l10n.t('{0} others cannot be encrypted', refusals),
  ];
}

function itemsOf(file: BulkFile): readonly ValueItem[] {
  const { uri, how, unit, values } = file;
  const label = `${workspace.asRelativePath(uri)} · ${how.scheme}${keyOf(how)}`;
  const separator = { label, kind: QuickPickItemKind.Separator };
  if (unit !== 'value') {
    const what = unit === 'object' ? l10n.t('Every Secret in it') : l10n.t('The whole file');
    return [separator, { label: what, description: nameOf(uri), file }];
  }
  return [
    separator,
    ...values.map((located) => ({
      label: entryName(located.entry),
      description: objectOf(located),
      file,
      located,
    })),
  ];
}

function keyOf(how: HowToSeal): string {
  if (how.unit === 'document') return '';
  const { text } = how.reference;
  return ` ${text.slice(text.lastIndexOf('/') + 1).replace(/#.*/, '')}`;
}

function nameOf({ path }: Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function objectOf({ object: { kind, namespace, name } }: Located): string {
  const parts = [namespace, name].filter((part) => part !== undefined && part !== '');
  return `${kind ?? ''} ${parts.join('/')}`.trim();
}

function choicesOf(files: readonly BulkFile[], chosen: readonly ValueItem[]): readonly BulkChoice[] {
  return files.flatMap((file) => {
    const items = chosen.filter((item) => item.file === file);
    const values = items.flatMap(({ located }) => located ?? []);
    return items.length === 0 ? [] : [{ file, values }];
  });
}
