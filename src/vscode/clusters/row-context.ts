import type { FluxObject } from '../../app/clusters/flux-object.ts';
import type { Cluster } from './cluster.ts';
import type { Row } from './rows.ts';

/** What the menus of package.json tell rows apart by: `purser.flux.kustomization+reconcile+suspend`. */
export function contextOf(row: Row): string {
  if (row.row === 'cluster') {
    const { state, context, source } = row.cluster;
    const kkp = source.from === 'user-cluster' ? '+kkp' : '';
    return `purser.cluster.${state}${kkp}${context === undefined ? listed(row.cluster) : ''}`;
  }
  if (row.row === 'kubeconfig') return `purser.kubeconfig${listed(row.clusters[0])}`;
  if (row.row === 'flux') return `purser.flux.${row.object.ref.kind.toLowerCase()}${flagsOf(row.object)}`;
  if (row.row === 'item')
    return `purser.item${row.item.health === 'elsewhere' ? '' : '+live'}${saying(row.item)}`;
  if (row.row === 'fact') return `purser.fact${row.fact.resource === undefined ? '' : '+resource'}`;
  return `purser.${row.row}`;
}

function flagsOf(object: FluxObject): string {
  const { state, sources, canReconcile, canSuspend } = object;
  const suspended = state === 'suspended';
  const flags = [
    // Controllers do nothing for what is suspended.
    canReconcile && !suspended ? '+reconcile' : '',
    canReconcile && !suspended && sources.length > 0 ? '+source' : '',
    canSuspend ? (suspended ? '+resume' : '+suspend') : '',
    isUndecrypted(object) ? '+undecrypted' : '',
    saying(object),
  ];
  return flags.join('');
}

/** As kustomize-controller words it. */
function isUndecrypted({ state, message }: FluxObject): boolean {
  return state === 'not-ready' && /decrypt|\bSOPS\b/i.test(message);
}

function listed(cluster: Cluster | undefined): string {
  return cluster?.source.from === 'workspace' && cluster.source.added === true ? '+added' : '';
}

function saying({ message }: { readonly message: string }): string {
  return message === '' ? '' : '+message';
}
