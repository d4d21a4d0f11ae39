import { l10n } from 'vscode';
import type { FluxObject, FluxState } from '../../app/clusters/flux-object.ts';

const stateNames: { readonly [S in FluxState]: () => string } = {
  'not-ready': () => l10n.t('not ready'),
  reconciling: () => l10n.t('reconciling'),
  suspended: () => l10n.t('suspended'),
  ready: () => l10n.t('ready'),
  unknown: () => l10n.t('unknown'),
  static: () => l10n.t('without a status'),
};

/** How people call a state. */
export function stateName(state: FluxState): string {
  return stateNames[state]();
}

/** Which Flux objects the tree shows: of one of these states, where any are given, and with this text. */
export interface FluxFilter {
  readonly states: ReadonlySet<FluxState>;
  /** In the name, the namespace, the revision or what the conditions say; upper and lower case are the same. */
  readonly text: string;
}

export function isFiltering({ states, text }: FluxFilter): boolean {
  return states.size > 0 || text !== '';
}

/** The filter as something that is asked of one object after another. */
export function matcherOf({ states, text }: FluxFilter): (object: FluxObject) => boolean {
  const wanted = text.toLowerCase();
  return ({ state, ref, reason, message, revision }) => {
    if (states.size > 0 && !states.has(state)) return false;
    if (wanted === '') return true;
    const texts = [ref.name, ref.namespace, `${ref.namespace}/${ref.name}`, revision, reason, message];
    return texts.some((each) => each?.toLowerCase().includes(wanted));
  };
}

/** `Only not ready or suspended, with “podinfo”`. */
export function describeFilter({ states, text }: FluxFilter): string {
  const [first, ...others] = [...states].map(stateName);
  if (first === undefined) return l10n.t('Only with “{0}”', text);
  const which = others.reduce((all, each) => l10n.t('{0} or {1}', all, each), first);
  return text === '' ? l10n.t('Only {0}', which) : l10n.t('Only {0}, with “{1}”', which, text);
}
