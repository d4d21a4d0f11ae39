import type { FluxObject, ObjectRef } from '../../app/clusters/flux-object.ts';
import { type JsonObject } from '../api/json.ts';
import type { FluxKindTraits } from './flux-kinds.ts';
import { dependenciesOf, sourcesOf } from './flux-links.ts';
import { revisionOf } from './flux-revision.ts';
import { isStatic, stateOf } from './flux-state.ts';
import { hasInventory } from './inventory.ts';
import { at, name, record, text } from './json.ts';

/**
 * What the tree shows of an object; nothing else of it is kept. Total: undefined where this is no object, or has a name that none can
 * have. Values of a HelmRelease, substitutions and patches are never among it.
 */
export function readFluxObject(kind: FluxKindTraits, read: unknown): FluxObject | undefined {
  const json = record(read);
  const ref = refOfObject(kind, json);
  if (ref === undefined) return undefined;
  return {
    ref,
    uid: name(at(json, 'metadata', 'uid')) ?? '',
    ...stateOf(kind, json),
    revision: revisionOf(kind.kind, json),
    sources: sourcesOf(kind, ref, json),
    dependsOn: dependenciesOf(kind, ref, json),
    kubeConfig: kubeConfigOf(json),
    hasInventory: hasInventory(kind, json),
    canSuspend: kind.suspension.by !== 'nothing',
    canReconcile: kind.life !== 'made' && !isStatic(kind, json),
  };
}

function refOfObject(kind: FluxKindTraits, json: JsonObject): ObjectRef | undefined {
  const metadata = record(json['metadata']);
  const [own, namespace] = [name(metadata['name']), name(metadata['namespace'])];
  if (own === undefined || (namespace === undefined && text(metadata['namespace']) !== undefined))
    return undefined;
  return { apiVersion: name(json['apiVersion']), group: kind.group, kind: kind.kind, namespace, name: own };
}

/** Of a Kustomization or HelmRelease. What stands in a ConfigMap holds no kubeconfig. */
function kubeConfigOf(json: JsonObject): FluxObject['kubeConfig'] {
  const ref = at(json, 'spec', 'kubeConfig', 'secretRef');
  const secret = name(at(ref, 'name'));
  return secret === undefined ? undefined : { secret, key: name(at(ref, 'key')) };
}
