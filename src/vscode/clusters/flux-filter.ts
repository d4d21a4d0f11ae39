import type { FluxObject, FluxState } from '../../app/clusters/flux-object.ts';

/** How people call the states. */
export const stateNames: { readonly [S in FluxState]: string } = {
  'not-ready': 'not ready',
  reconciling: 'reconciling',
  suspended: 'suspended',
  ready: 'ready',
  unknown: 'unknown',
  static: 'without a status',
};

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
  const which = [...states].map((state) => stateNames[state]).join(' or ');
  const parts = [...(which === '' ? [] : [which]), ...(text === '' ? [] : [`with “${text}”`])];
  return `Only ${parts.join(', ')}`;
}
