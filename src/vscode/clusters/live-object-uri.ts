import { Uri } from 'vscode';
import type { ObjectRef } from '../../app/clusters/flux-object.ts';
import { onOneLine } from '../../app/sentence.ts';

/** Of documents that show objects as they are in a cluster. */
export const liveScheme = 'purser-live';

/** Which object of which cluster a document shows. */
export interface LiveObject {
  readonly cluster: string;
  readonly ref: ObjectRef;
}

/** `apps.Kustomization.yaml` is what a tab is called. All that counts stands in the query. */
export function liveUri(clusterTitle: string, { cluster, ref }: LiveObject): Uri {
  const { apiVersion, group, kind, namespace, name } = ref;
  const folders = [clusterTitle, ...(namespace === undefined ? [] : [namespace])];
  return Uri.from({
    scheme: liveScheme,
    path: `/${[...folders, `${name}.${kind}.yaml`].map(pathPart).join('/')}`,
    query: [cluster, apiVersion, group, kind, namespace, name].map(queryPart).join('&'),
  });
}

/** What a document shows; undefined for a URI that was not made here. */
export function liveObject({ scheme, query }: Pick<Uri, 'scheme' | 'query'>): LiveObject | undefined {
  const parts = query.split('&');
  if (scheme !== liveScheme || parts.length !== 6) return undefined;
  try {
    const [cluster, apiVersion, group, kind, namespace, name] = parts.map(queryValue);
    if (cluster === undefined || group === undefined || kind === undefined || name === undefined)
      return undefined;
    return { cluster, ref: { apiVersion, group, kind, namespace, name } };
  } catch {
    // A stray percent sign.
    return undefined;
  }
}

/** Names in the path are for reading only; an empty one at its beginning would make it an authority. */
function pathPart(text: string): string {
  return onOneLine(text).replace(/[\\/]/g, '_') || '_';
}

/** `-` for what there is none of, which an empty text is not. Halves of surrogate pairs cannot be written. */
function queryPart(text: string | undefined): string {
  return text === undefined ? '-' : `=${encodeURIComponent(text.toWellFormed())}`;
}

function queryValue(part: string): string | undefined {
  return part === '-' ? undefined : decodeURIComponent(part.slice(1));
}
