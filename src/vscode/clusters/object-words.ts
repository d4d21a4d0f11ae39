import type { ObjectRef } from '../../app/clusters/flux-object.ts';
import { shown } from '../../app/sentence.ts';

/** `Kustomization flux-system/apps`; cleaned of what could disguise it. */
export function objectWords({ kind, namespace, name }: ObjectRef): string {
  return shown(`${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`);
}
