import type { ObjectRef } from '../../app/clusters/flux-object.ts';
import type { JsonObject } from '../api/json.ts';
import { type FluxKindTraits, groupOfKind } from './flux-kinds.ts';
import { at, name, record, text } from './json.ts';

/**
 * What an object's status lists as applied, in its order. Undefined where it lists nothing: not yet, not a kind that does, or a
 * helm-controller older than 1.5. Entries that name no object are skipped.
 */
export function inventoryOf(kind: FluxKindTraits, json: JsonObject): readonly ObjectRef[] | undefined {
  const read = kind.kind === 'ArtifactGenerator' ? readArtifact : readEntry;
  return entriesOf(kind, json)?.flatMap((entry) => read(record(entry)) ?? []);
}

export function hasInventory(kind: FluxKindTraits, json: JsonObject): boolean {
  return entriesOf(kind, json) !== undefined;
}

function entriesOf(kind: FluxKindTraits, json: JsonObject): readonly unknown[] | undefined {
  if (!kind.inventory) return undefined;
  const inventory = at(json, 'status', 'inventory');
  // An ArtifactGenerator lists the ExternalArtifacts it made, by name.
  const entries = kind.kind === 'ArtifactGenerator' ? inventory : at(inventory, 'entries');
  return Array.isArray(entries) ? (entries as readonly unknown[]) : undefined;
}

function readEntry(entry: JsonObject): ObjectRef | undefined {
  return readInventoryId(text(entry['id']) ?? '', name(entry['v']));
}

function readArtifact(entry: JsonObject): ObjectRef | undefined {
  const made = name(entry['name']);
  if (made === undefined) return undefined;
  const kind = 'ExternalArtifact';
  const namespace = name(entry['namespace']);
  return { apiVersion: undefined, group: groupOfKind(kind), kind, namespace, name: made };
}

/**
 * The object of an inventory id, `<namespace>_<name>_<group>_<kind>` with `__` in the name for a colon (fluxcd/cli-utils
 * pkg/object/objmetadata.go). Undefined where it is none.
 *
 * @param version of its API, without the group
 */
export function readInventoryId(id: string, version: string | undefined): ObjectRef | undefined {
  const afterNamespace = id.indexOf('_');
  const beforeKind = id.lastIndexOf('_');
  const beforeGroup = id.lastIndexOf('_', beforeKind - 1);
  if (afterNamespace === -1 || beforeKind < 1 || beforeGroup <= afterNamespace) return undefined;
  const namespace = id.slice(0, afterNamespace);
  const name = id.slice(afterNamespace + 1, beforeGroup).replaceAll('__', ':');
  const group = id.slice(beforeGroup + 1, beforeKind);
  const kind = id.slice(beforeKind + 1);
  if (name === '' || kind === '') return undefined;
  return {
    apiVersion: version === undefined ? undefined : group === '' ? version : `${group}/${version}`,
    group,
    kind,
    namespace: namespace === '' ? undefined : namespace,
    name,
  };
}
