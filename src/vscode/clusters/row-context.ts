import type { FluxObject } from '../../app/clusters/flux-object.ts';
import type { Row } from './rows.ts';

/** What the menus of package.json tell rows apart by: `purser.flux.kustomization+reconcile+suspend`. */
export function contextOf(row: Row): string {
  if (row.row === 'cluster') return `purser.cluster.${row.cluster.state}`;
  if (row.row === 'flux') return `purser.flux.${row.object.ref.kind.toLowerCase()}${flagsOf(row.object)}`;
  return `purser.${row.row}`;
}

function flagsOf({ state, sources, canReconcile, canSuspend }: FluxObject): string {
  const suspended = state === 'suspended';
  const flags = [
    // Controllers do nothing for what is suspended.
    canReconcile && !suspended ? '+reconcile' : '',
    canReconcile && !suspended && sources.length > 0 ? '+source' : '',
    canSuspend ? (suspended ? '+resume' : '+suspend') : '',
  ];
  return flags.join('');
}
