import type { ObjectRef } from '../../app/clusters/flux-object.ts';
import { Failure } from '../../core/errors.ts';
import type { ApiResource, Discovery } from '../api/api.ts';
import { resourcePath } from '../api/selection.ts';

/** `Kustomization flux-system/apps`, as failures name an object. */
export function nameOf({ kind, namespace, name }: ObjectRef): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** The same for the same object, in whatever version. */
export function keyOf({ group, kind, namespace, name }: ObjectRef): string {
  return JSON.stringify([group, kind, namespace ?? '', name]);
}

export function objectPath(resource: ApiResource, { namespace, name }: ObjectRef): string {
  return resourcePath(resource, namespace, name);
}

/** Where an object is to be had. Throws `cluster.not-found` where the cluster does not serve its kind. */
export async function findPath(discovery: Discovery, ref: ObjectRef, signal: AbortSignal): Promise<string> {
  const resource = await discovery.find(ref.group, ref.kind, signal);
  if (resource === undefined) throw new Failure('cluster.not-found', { what: nameOf(ref) });
  return objectPath(resource, ref);
}
