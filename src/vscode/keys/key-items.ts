import { l10n, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri, workspace } from 'vscode';
import { valuesIn } from '../../app/keys/key-uses.ts';
import type { KeyPlace, KnownKey } from '../../app/keys/known-key.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import { plainLabel } from '../plain-text.ts';
import type { KeyRow } from './key-rows.ts';

/** How a row of the *Keys* view looks, and how a screen reader says it. */
export function keyItem(row: KeyRow, registry: Pick<SchemeRegistry, 'titleOf'>): TreeItem {
  const item = lookOf(row, registry);
  item.id = row.id;
  return item;
}

function lookOf(row: KeyRow, registry: Pick<SchemeRegistry, 'titleOf'>): TreeItem {
  switch (row.row) {
    case 'key':
      return knownItem(row, registry);
    case 'unknown':
      return unknownItem(row, registry);
    case 'place':
      return placeItem(row.place);
    case 'fingerprint':
      return fingerprintItem(row.fingerprint);
    case 'use':
      return useItem(row);
    case 'note':
      break;
  }
  return new TreeItem(row.text);
}

function knownItem(
  row: Extract<KeyRow, { row: 'key' }>,
  registry: Pick<SchemeRegistry, 'titleOf'>,
): TreeItem {
  const { key, uses } = row;
  const item = new TreeItem(plainLabel(key.title), TreeItemCollapsibleState.Collapsed);
  const schemes = key.schemes.map((scheme) => registry.titleOf(scheme)).join(', ');
  // How much there is comes first: in a narrow side bar the rest is cut off.
  const values = uses.length === 0 ? l10n.t('unused') : wordsFor(valuesIn(uses));
  item.description = plainLabel([values, schemes, key.description].join(' · '));
  item.iconPath = iconOf(key);
  item.tooltip = [key.title, item.description, meaningOf(key)].join('\n');
  item.contextValue = `purser.key${contextOf(key)}`;
  item.accessibilityInformation = {
    label: key.opens
      ? l10n.t('key {0}, {1}, can open here', key.title, item.description)
      : l10n.t('key {0}, {1}, cannot open here', key.title, item.description),
  };
  return item;
}

function iconOf({ opens, places }: KnownKey): ThemeIcon {
  if (opens) return new ThemeIcon('key');
  return new ThemeIcon(places.length === 0 ? 'circle-slash' : 'lock');
}

function meaningOf({ opens, places, names }: KnownKey): string {
  if (opens) return l10n.t('What is sealed to it can be opened here.');
  if (places.length === 0) return l10n.t('Only a policy speaks of it.');
  return names.length === 0
    ? l10n.t('Nothing can be sealed to it or opened with it.')
    : l10n.t('Only its public half is here: values can be sealed to it, and not opened.');
}

/** What the menus of package.json tell rows apart by: whether it is kept here, has a public half to hand out, or a fingerprint. */
function contextOf({ places, fingerprint }: KnownKey): string {
  const kept = places.some((place) => place.in === 'vault');
  const shared = places.some((place) => place.in === 'repository' || place.in === 'sops-config');
  const canShare = kept && !shared && fingerprint !== undefined;
  return `${kept ? '+kept' : ''}${canShare ? '+share' : ''}${fingerprint === undefined ? '' : '+fingerprint'}`;
}

function unknownItem(
  row: Extract<KeyRow, { row: 'unknown' }>,
  registry: Pick<SchemeRegistry, 'titleOf'>,
): TreeItem {
  const { scheme, kind, recipient, uses } = row.unknown;
  const title = recipient ?? l10n.t('Keys that are not named');
  const item = new TreeItem(plainLabel(title), TreeItemCollapsibleState.Collapsed);
  const parts = [registry.titleOf(scheme), ...(kind === undefined ? [] : [kind])];
  const values = valuesIn(uses);
  const unknown = recipient === undefined ? [] : [l10n.t('not known here')];
  item.description = plainLabel([wordsFor(values), ...parts, ...unknown].join(' · '));
  item.iconPath = new ThemeIcon('question', new ThemeColor('list.warningForeground'));
  item.tooltip =
    recipient === undefined
      ? unnamed(values, registry.titleOf(scheme))
      : `${title}\n${l10n.t('Values are sealed to it, and neither a policy nor a key that is here is it.')}`;
  item.contextValue = `purser.unknownKey${recipient === undefined ? '' : '+fingerprint'}`;
  item.accessibilityInformation = { label: l10n.t('unknown recipient {0}, {1}', title, item.description) };
  return item;
}

function unnamed(values: number, scheme: string): string {
  return values === 1
    ? l10n.t('1 value of {0} says nothing of its key, and no key that is listed here opens it.', scheme)
    : l10n.t(
        '{0} values of {1} say nothing of their key, and no key that is listed here opens them.',
        values,
        scheme,
      );
}

function fingerprintItem(fingerprint: string): TreeItem {
  const item = leaf(fingerprint, {
    icon: 'symbol-numeric',
    context: 'fingerprint',
    spoken: l10n.t('fingerprint {0}', fingerprint),
  });
  item.description = l10n.t('fingerprint');
  return item;
}

function placeItem(place: KeyPlace): TreeItem {
  if (place.in === 'vault') {
    const { name, extension } = place.key;
    const ref = `local:${name}`;
    const item = leaf(ref, { icon: 'account', context: 'place', spoken: l10n.t('kept as {0}', ref) });
    item.description = `${place.vault} · ${extension}`;
    return item;
  }
  // A file of private keys is not opened by a click.
  if (place.in === 'elsewhere')
    return leaf(place.ref, {
      icon: 'account',
      context: 'place',
      spoken: l10n.t('kept in {0}', place.ref),
    });
  const uri = Uri.file(place.path);
  const path = workspace.asRelativePath(uri);
  const item = leaf(path, {
    icon: 'file',
    context: 'place',
    spoken: l10n.t('in the repository {0}', path),
  });
  const line = place.in === 'sops-config' ? place.line : 1;
  if (place.in === 'sops-config') item.description = l10n.t('line {0}', line);
  item.command = openAt(uri, line);
  return item;
}

function useItem({ use }: Extract<KeyRow, { row: 'use' }>): TreeItem {
  const uri = Uri.file(use.path);
  const path = workspace.asRelativePath(uri);
  const folderEnd = path.lastIndexOf('/');
  const item = new TreeItem(path.slice(folderEnd + 1));
  const values = wordsFor(use.values);
  item.description = folderEnd === -1 ? values : `${values} · ${path.slice(0, folderEnd)}`;
  item.tooltip = `${path}:${use.line}`;
  item.resourceUri = uri;
  item.iconPath = ThemeIcon.File;
  item.contextValue = 'purser.keyUse';
  item.command = openAt(uri, use.line);
  item.accessibilityInformation = { label: l10n.t('{0}, {1}, line {2}', path, values, use.line) };
  return item;
}

function wordsFor(values: number): string {
  return values === 1 ? l10n.t('1 value') : l10n.t('{0} values', values);
}

function openAt(uri: Uri, line: number) {
  const start = { line: line - 1, character: 0 };
  return {
    title: l10n.t('Open'),
    command: 'vscode.open',
    arguments: [uri, { selection: { start, end: start } }],
  };
}

interface LeafLook {
  readonly icon: string;
  readonly context: string;
  /** What a screen reader says. */
  readonly spoken: string;
}

function leaf(text: string, { icon, context, spoken }: LeafLook): TreeItem {
  const item = new TreeItem(plainLabel(text));
  item.iconPath = new ThemeIcon(icon);
  item.contextValue = `purser.key.${context}`;
  item.accessibilityInformation = { label: spoken };
  return item;
}
