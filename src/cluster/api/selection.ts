import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';
import type { ApiResource } from './api.ts';
import { longestName, objectOf } from './json.ts';

/** Which objects of a kind, and how much of each. */
export interface Selection {
  /** Undefined: of all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Nothing but `metadata`: values are not fetched. */
  readonly metadataOnly?: boolean;
}

/**
 * The path of a kind's objects, or of one of them. Throws `cluster.not-found` for a name that no object can have: names come from
 * the cluster and from links, and servers take `%2F` for a slash and an empty name for the whole list.
 */
export function resourcePath(resource: ApiResource, namespace: string | undefined, name?: string): string {
  const { group, version, plural, namespaced } = resource;
  if (![namespace, name].every((each) => each === undefined || isPathSegmentName(each)))
    throw new Failure('cluster.not-found', { what: l10n.t('{0} of this name', plural) });
  const root = group === '' ? ['api', version] : ['apis', group, version];
  const place = namespaced && namespace !== undefined ? ['namespaces', namespace] : [];
  const segments = [...root, ...place, plural, ...(name === undefined ? [] : [name])];
  return segments.map((segment) => `/${encodeSegment(segment)}`).join('');
}

/** `IsValidPathSegmentName` of k8s.io/apimachinery pkg/api/validation/path; no kind allows longer ones. */
function isPathSegmentName(name: string): boolean {
  return name !== '' && name.length <= longestName && !/^\.{1,2}$|[/%]/.test(name);
}

/** A path's segment; `.` and `..`, which proxies would resolve, too. */
export function encodeSegment(segment: string): string {
  return /^\.{1,2}$/.test(segment)
    ? segment.replaceAll('.', '%2E')
    : encodeURIComponent(segment.toWellFormed());
}

export function selection({ labelSelector, fieldSelector }: Selection): Record<string, string> {
  return {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}

/** `kubectl apply` writes the whole object into it: values of Secrets, too. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** An object without anything but its metadata, whatever the server sent; without what quotes the rest of it. */
export function metadataOnlyOf(object: unknown): unknown {
  const { managedFields: _fields, ...metadata } = objectOf(objectOf(object)?.['metadata']) ?? {};
  const annotations = objectOf(metadata['annotations']);
  if (annotations === undefined) return { metadata };
  const { [lastApplied]: _quoted, ...others } = annotations;
  return { metadata: { ...metadata, annotations: others } };
}
