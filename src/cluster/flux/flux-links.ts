import { groupOf, type ObjectRef } from '../../app/clusters/flux-object.ts';
import { elementsOf, type JsonObject } from '../api/json.ts';
import { type FluxKindTraits, groupOfKind } from './flux-kinds.ts';
import { at, name, record } from './json.ts';

/** More links than this are not kept of one object. */
const linksAtMost = 100;

/** What an object is made from, or watches: references that name one object. Those to all of a kind (`*`) are left out. */
export function sourcesOf(kind: FluxKindTraits, self: ObjectRef, json: JsonObject): readonly ObjectRef[] {
  const spec = record(json['spec']);
  return references(kind, self, spec).filter(isRef).slice(0, linksAtMost);
}

function references(
  kind: FluxKindTraits,
  self: ObjectRef,
  spec: JsonObject,
): readonly (ObjectRef | undefined)[] {
  const one = (value: unknown, ofKind?: string) => refOf(value, self.namespace, ofKind);
  const many = (value: unknown, ofKind?: string) => elementsOf(value).map((each) => one(each, ofKind));
  switch (kind.kind) {
    case 'Kustomization':
    case 'HelmChart':
    case 'ExternalArtifact':
    case 'ImageUpdateAutomation':
      return [one(spec['sourceRef'])];
    case 'HelmRelease':
      return chartOf(self, spec);
    case 'GitRepository':
      return elementsOf(spec['include']).map((each) => one(record(each)['repository'], 'GitRepository'));
    case 'ArtifactGenerator':
      return many(spec['sources']);
    case 'ImagePolicy':
      return [one(spec['imageRepositoryRef'], 'ImageRepository')];
    case 'Alert':
      return [one(spec['providerRef'], 'Provider'), ...many(spec['eventSources'])];
    case 'Receiver':
      return many(spec['resources']);
    case 'ResourceSet':
      return many(spec['inputsFrom'], 'ResourceSetInputProvider');
    default:
      return [];
  }
}

/** A chart of its own is named after the release, and stands beside its source (helm-controller api/v2 GetHelmChartName). */
function chartOf(self: ObjectRef, spec: JsonObject): readonly (ObjectRef | undefined)[] {
  if (spec['chartRef'] !== undefined) return [refOf(spec['chartRef'], self.namespace)];
  const source = refOf(at(spec, 'chart', 'spec', 'sourceRef'), self.namespace);
  if (source === undefined) return [];
  const chart = `${self.namespace ?? ''}-${self.name}`;
  return [refOf({ kind: 'HelmChart', name: chart, namespace: source.namespace }, self.namespace), source];
}

export function dependenciesOf(
  kind: FluxKindTraits,
  self: ObjectRef,
  json: JsonObject,
): readonly ObjectRef[] {
  const named = elementsOf(at(json, 'spec', 'dependsOn'));
  // A ResourceSet depends on anything, also on what has no namespace.
  const refs =
    kind.kind === 'ResourceSet'
      ? named.map((each) => refOf(each, undefined))
      : named.map((each) => refOf(each, self.namespace, self.kind));
  return refs.filter(isRef).slice(0, linksAtMost);
}

function isRef(ref: ObjectRef | undefined): ref is ObjectRef {
  return ref !== undefined;
}

function refOf(value: unknown, namespace: string | undefined, ofKind?: string): ObjectRef | undefined {
  const said = record(value);
  const kind = ofKind ?? name(said['kind']);
  const called = name(said['name']);
  if (kind === undefined || called === undefined || called === '*') return undefined;
  const apiVersion = name(said['apiVersion']);
  return {
    apiVersion,
    group: apiVersion === undefined ? groupOfKind(kind) : groupOf(apiVersion),
    kind,
    namespace: name(said['namespace']) ?? namespace,
    name: called,
  };
}
