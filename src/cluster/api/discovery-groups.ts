import { discoveredResources, isLabel, type Served } from './discovery-resources.ts';
import { elementsOf, type JsonObject, objectOf, textOf } from './json.ts';

/** A group and its versions, the preferred one first. */
export interface ServedGroup {
  readonly versions: readonly {
    readonly version: string;
    /** Undefined where they have to be asked for. */
    readonly resources: readonly Served[] | undefined;
  }[];
}

/**
 * What `/apis` says: an `APIGroupDiscoveryList` (apidiscovery.k8s.io/v2) or an `APIGroupList` (meta/v1). Entries that are
 * malformed are left out: their names would go into paths. Undefined where it is neither.
 */
export function groupsIn(answer: unknown): ReadonlyMap<string, ServedGroup> | undefined {
  const list = objectOf(answer) ?? {};
  const whole = Array.isArray(list['items']);
  if (!whole && !Array.isArray(list['groups'])) return undefined;
  const groups = new Map<string, ServedGroup>();
  for (const entry of elementsOf(whole ? list['items'] : list['groups'])) {
    const group = objectOf(entry) ?? {};
    const name = textOf(whole ? objectOf(group['metadata'])?.['name'] : group['name']) ?? '';
    if (!isGroup(name) || groups.has(name)) continue;
    const versions = elementsOf(group['versions']).map((version) => objectOf(version) ?? {});
    groups.set(name, { versions: whole ? discovered(versions) : listed(versions, group) });
  }
  return groups;
}

function discovered(versions: readonly JsonObject[]): ServedGroup['versions'] {
  return versions.flatMap((entry) => {
    const version = textOf(entry['version']) ?? '';
    return isLabel(version) ? [{ version, resources: discoveredResources(entry) }] : [];
  });
}

function listed(versions: readonly JsonObject[], group: JsonObject): ServedGroup['versions'] {
  const preferred = textOf(objectOf(group['preferredVersion'])?.['version']) ?? '';
  const names = versions.map((entry) => textOf(entry['version']) ?? '').filter(isLabel);
  const first = names.filter((name) => name === preferred);
  return [...first, ...names.filter((name) => name !== preferred)].map((version) => ({
    version,
    resources: undefined,
  }));
}

function isGroup(name: string): boolean {
  return name.length <= 253 && name.split('.').every(isLabel);
}
