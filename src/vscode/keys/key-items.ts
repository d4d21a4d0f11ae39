import { ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri, workspace } from 'vscode';
import { valuesIn } from '../../app/keys/key-uses.ts';
import type { KeyPlace, KnownKey } from '../../app/keys/known-key.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import { count } from '../counts.ts';
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
  const values = uses.length === 0 ? 'unused' : count(valuesIn(uses), 'value');
  item.description = plainLabel([values, schemes, key.description].join(' · '));
  item.iconPath = iconOf(key);
  const half = key.opens ? 'can open here' : 'cannot open here';
  item.tooltip = [key.title, item.description, meaningOf(key)].join('\n');
  item.contextValue = `purser.key${contextOf(key)}`;
  item.accessibilityInformation = { label: `key ${key.title}, ${item.description}, ${half}` };
  return item;
}

function iconOf({ opens, places }: KnownKey): ThemeIcon {
  if (opens) return new ThemeIcon('key');
  return new ThemeIcon(places.length === 0 ? 'circle-slash' : 'lock');
}

function meaningOf({ opens, places, names }: KnownKey): string {
  if (opens) return 'What is sealed to it can be opened here.';
  if (places.length === 0) return 'Only a policy speaks of it.';
  return names.length === 0
    ? 'Nothing can be sealed to it or opened with it.'
    : 'Only its public half is here: values can be sealed to it, and not opened.';
}

/** What the menus of package.json tell rows apart by: whether it is kept here, has a public half to hand out, or a fingerprint. */
function contextOf({ places, fingerprint }: KnownKey): string {
  const kept = places.some((place) => place.in === 'vault');
  const shared = places.some((place) => place.in !== 'vault');
  const canShare = kept && !shared && fingerprint !== undefined;
  return `${kept ? '+kept' : ''}${canShare ? '+share' : ''}${fingerprint === undefined ? '' : '+fingerprint'}`;
}

function unknownItem(
  row: Extract<KeyRow, { row: 'unknown' }>,
  registry: Pick<SchemeRegistry, 'titleOf'>,
): TreeItem {
  const { scheme, kind, recipient, uses } = row.unknown;
  const title = recipient ?? 'Keys that are not named';
  const item = new TreeItem(plainLabel(title), TreeItemCollapsibleState.Collapsed);
  const parts = [registry.titleOf(scheme), ...(kind === undefined ? [] : [kind])];
  const values = count(valuesIn(uses), 'value');
  item.description = plainLabel(
    [values, ...parts, ...(recipient === undefined ? [] : ['not known here'])].join(' · '),
  );
  item.iconPath = new ThemeIcon('question', new ThemeColor('list.warningForeground'));
  item.tooltip =
    recipient === undefined
      ? `${values} of ${registry.titleOf(scheme)} say nothing of their key, and no key that is listed here opens them.`
      : `${title}\nValues are sealed to it, and neither a policy nor a key that is here is it.`;
  item.contextValue = `purser.unknownKey${recipient === undefined ? '' : '+fingerprint'}`;
  item.accessibilityInformation = { label: `unknown recipient ${title}, ${item.description}` };
  return item;
}

function fingerprintItem(fingerprint: string): TreeItem {
  const item = leaf(fingerprint, { icon: 'symbol-numeric', context: 'fingerprint', spoken: 'fingerprint' });
  item.description = 'fingerprint';
  return item;
}

function placeItem(place: KeyPlace): TreeItem {
  if (place.in === 'vault') {
    const { name, extension } = place.key;
    const item = leaf(`local:${name}`, { icon: 'account', context: 'place', spoken: 'kept in' });
    item.description = `${place.vault} · ${extension}`;
    return item;
  }
  const uri = Uri.file(place.path);
  const item = leaf(workspace.asRelativePath(uri), {
    icon: 'file',
    context: 'place',
    spoken: 'in the repository',
  });
  const line = place.in === 'sops-config' ? place.line : 1;
  if (place.in === 'sops-config') item.description = `line ${line}`;
  item.command = openAt(uri, line);
  return item;
}

function useItem({ use }: Extract<KeyRow, { row: 'use' }>): TreeItem {
  const uri = Uri.file(use.path);
  const path = workspace.asRelativePath(uri);
  const folderEnd = path.lastIndexOf('/');
  const item = new TreeItem(path.slice(folderEnd + 1));
  const values = count(use.values, 'value');
  item.description = folderEnd === -1 ? values : `${values} · ${path.slice(0, folderEnd)}`;
  item.tooltip = `${path}:${use.line}`;
  item.resourceUri = uri;
  item.iconPath = ThemeIcon.File;
  item.contextValue = 'purser.keyUse';
  item.command = openAt(uri, use.line);
  item.accessibilityInformation = { label: `${path}, ${values}, line ${use.line}` };
  return item;
}

function openAt(uri: Uri, line: number) {
  const start = { line: line - 1, character: 0 };
  return { title: 'Open', command: 'vscode.open', arguments: [uri, { selection: { start, end: start } }] };
}

interface LeafLook {
  readonly icon: string;
  readonly context: string;
  readonly spoken: string;
}

function leaf(text: string, { icon, context, spoken }: LeafLook): TreeItem {
  const item = new TreeItem(plainLabel(text));
  item.iconPath = new ThemeIcon(icon);
  item.contextValue = `purser.key.${context}`;
  item.accessibilityInformation = { label: `${spoken} ${text}` };
  return item;
}
