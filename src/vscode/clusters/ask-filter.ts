import { l10n, type QuickPickItem, window } from 'vscode';
import type { FluxState } from '../../app/clusters/flux-object.ts';
import { upperFirst } from '../failure-sentence.ts';
import type { ClustersView } from './clusters-view.ts';
import { type FluxFilter, stateName } from './flux-filter.ts';

interface StateItem extends QuickPickItem {
  readonly state: FluxState;
}

const offered: readonly FluxState[] = ['not-ready', 'reconciling', 'suspended', 'ready', 'unknown'];

/** *Filter Flux Objects…*: which states, then which text. */
export async function filterClusters(view: Pick<ClustersView, 'filter' | 'setFilter'>): Promise<void> {
  const filter = await askFilter(view.filter);
  if (filter !== undefined) view.setFilter(filter);
}

/** Undefined where the person gives up. */
async function askFilter(current: FluxFilter): Promise<FluxFilter | undefined> {
  const items = offered.map(
    (state): StateItem => ({
      label: upperFirst(stateName(state)),
      state,
      picked: current.states.has(state),
    }),
  );
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Filter Flux Objects (1/2)'),
    placeHolder: l10n.t('Only those that are… None means all states.'),
    canPickMany: true,
  });
  if (picked === undefined) return undefined;
  const text = await window.showInputBox({
    title: l10n.t('Filter Flux Objects (2/2)'),
    prompt: l10n.t('Text in the name, namespace, revision or message. Leave it empty for any.'),
    value: current.text,
  });
  if (text === undefined) return undefined;
  return { states: new Set(picked.map(({ state }) => state)), text: text.trim() };
}
