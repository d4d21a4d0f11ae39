import type { ApiResource } from './api.ts';
import { elementsOf, type JsonObject, objectOf, textOf } from './json.ts';

/** A kind, in a version of a group that is known from where it stands. */
export type Served = Pick<ApiResource, 'kind' | 'plural' | 'namespaced' | 'verbs'>;

/** The kinds of an `APIResourceList` (meta/v1). Entries that are malformed, and subresources, are left out; undefined where it is none. */
export function groupVersionResources(answer: unknown): readonly Served[] | undefined {
  const resources = objectOf(answer)?.['resources'];
  if (!Array.isArray(resources)) return undefined;
  return resources.flatMap((entry) => {
    const resource = objectOf(entry) ?? {};
    return served(resource['kind'], resource['name'], resource['namespaced'] === true, resource['verbs']);
  });
}

/** The kinds of a version in an `APIGroupDiscoveryList` (apidiscovery.k8s.io/v2). */
export function discoveredResources(version: JsonObject): readonly Served[] {
  return elementsOf(version['resources']).flatMap((entry) => {
    const resource = objectOf(entry) ?? {};
    const kind = objectOf(resource['responseKind'])?.['kind'];
    return served(kind, resource['resource'], resource['scope'] === 'Namespaced', resource['verbs']);
  });
}

function served(kind: unknown, plural: unknown, namespaced: boolean, verbs: unknown): Served[] {
  const name = textOf(kind) ?? '';
  const path = textOf(plural) ?? '';
  if (!/^[A-Za-z][A-Za-z0-9]{0,62}$/.test(name) || !isLabel(path)) return [];
  const allowed = elementsOf(verbs).filter((verb) => typeof verb === 'string');
  return [{ kind: name, plural: path, namespaced, verbs: allowed }];
}

/** An RFC 1123 label: what a version and a plural are made of. */
export function isLabel(text: string): boolean {
  return text.length <= 63 && /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(text);
}
