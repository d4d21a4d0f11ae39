import { type Command, l10n, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Cluster } from './cluster.ts';
import type { FactState } from './fact.ts';
import { type FluxFilter, stateName } from './flux-filter.ts';
import { onlyListOf, sectionOf } from './flux-rows.ts';
import { contextOf } from './row-context.ts';
import { factStateOf, iconOf, isDoubtful } from './row-icons.ts';
import { healthName, textsOf } from './row-texts.ts';
import { label } from './row-words.ts';
import type { Row } from './rows.ts';

const leaves: ReadonlySet<Row['row']> = new Set(['link', 'item', 'event', 'sealing-key', 'message']);

/** How a row looks, and how a screen reader says it. Its tooltip is made when it is asked for. */
export function itemOf(row: Row, id: string, filter: FluxFilter): TreeItem {
  const texts = textsOf(row, filter);
  const item = new TreeItem(texts.label, collapsibleState(row));
  item.id = id;
  item.description = texts.description;
  item.contextValue = contextOf(row);
  const icon = iconOf(row);
  if (icon !== undefined) item.iconPath = icon;
  item.accessibilityInformation = { label: spoken(row, texts.label, texts.description) };
  const command = commandOf(row);
  if (command !== undefined) item.command = command;
  return item;
}

/** What a click or Enter does: follows a link; of what an object applied, shows the row or, where there is none, the object. */
function commandOf(row: Row): Command | undefined {
  const reveal = { title: l10n.t('Reveal'), command: 'purser.revealFluxObject', arguments: [row] };
  if (row.row === 'link') return reveal;
  if (row.row === 'fact') return row.fact.command;
  if (row.row !== 'item' || row.item.health === 'missing' || row.item.health === 'elsewhere')
    return undefined;
  if (sectionOf(row.cluster, row.item.ref) !== undefined) return reveal;
  return { title: l10n.t('Open Live Object'), command: 'purser.openLiveObject', arguments: [row] };
}

function collapsibleState(row: Row): TreeItemCollapsibleState {
  const { None, Collapsed, Expanded } = TreeItemCollapsibleState;
  if (leaves.has(row.row)) return None;
  if (row.row === 'fact') return row.fact.below === undefined ? None : Collapsed;
  // Its contexts are known because someone wanted to see them.
  if (row.row === 'kubeconfig') return row.clusters.length > 0 ? Expanded : Collapsed;
  if (row.row === 'section') return isShownAtOnce(row) ? Expanded : Collapsed;
  return row.row === 'kind' && row.list.objects.length === 0 && row.list.state !== 'failed'
    ? None
    : Collapsed;
}

/** What most come for; not where it holds objects itself, which may be thousands. */
function isShownAtOnce({ cluster, section }: Extract<Row, { row: 'section' }>): boolean {
  return section === 'workloads' && onlyListOf(cluster, section) === undefined;
}

/** What the icon says included. */
function spoken(row: Row, text: string, description: string): string {
  return [...beforeText(row), text, description, ...afterText(row)].filter((part) => part !== '').join(', ');
}

function beforeText(row: Row): readonly string[] {
  if (row.row === 'cluster') return [l10n.t('cluster')];
  if (row.row === 'flux') return [label(row.object.ref.kind)];
  if (row.row === 'event') return [row.event.type];
  const isBad = factStateOf(row) === 'bad' || (row.row === 'message' && row.severity === 'error');
  return isBad ? [l10n.t('error')] : [];
}

/** An error is said first. */
const factStates: { readonly [S in FactState]: () => readonly string[] } = {
  good: () => [l10n.t('OK')],
  doubtful: () => [l10n.t('warning')],
  bad: () => [],
  unknown: () => [l10n.t('unknown')],
  plain: () => [],
};

function afterText(row: Row): readonly string[] {
  if (row.row === 'cluster') return clusterState(row.cluster);
  if (row.row === 'item') return row.item.health === 'healthy' ? [healthName('healthy')] : [];
  if (row.row !== 'flux') return factStates[factStateOf(row)]();
  const { state, message } = row.object;
  // The description says every other.
  return [
    ...(state === 'ready' ? [stateName('ready')] : []),
    ...(state === 'not-ready' ? [label(message)] : []),
  ];
}

function clusterState(cluster: Cluster): readonly string[] {
  return [
    ...(isDoubtful(cluster) ? [l10n.t('warning')] : []),
    ...(cluster.state === 'open' ? [l10n.t('connected')] : []),
  ];
}
