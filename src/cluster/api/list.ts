import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';
import type { ApiClient, ApiResource } from './api.ts';
import { Gone } from './gone.ts';
import { elementsOf, type JsonObject, objectOf, textOf } from './json.ts';
import { metadataOnlyOf, resourcePath, type Selection, selection } from './selection.ts';

export interface ListQuery extends Selection {
  /** Objects a page. */
  readonly limit?: number;
  /** How many objects to ask for at most. */
  readonly most?: number;
}

/** Part of a list. The objects of its pages are as of one moment, its `resourceVersion`. */
export interface Page {
  readonly items: readonly unknown[];
  readonly resourceVersion: string;
  /** The list took so long that it began anew: what came before is to be forgotten. */
  readonly restarted: boolean;
  /** There are more, but this is the last page: `most` is reached. */
  readonly truncated: boolean;
}

const pageSize = 500;
/** Of one kind: what a person can look through, and an answer that never ends. */
export const mostObjects = 20_000;
/** Servers make them of a few hundred bytes; they go into the request's line. */
const longestToken = 8_192;

/** The objects of a kind, page by page. Throws `cluster.…` and the signal's reason. */
export async function* listPages(
  client: ApiClient,
  resource: ApiResource,
  query: ListQuery,
  signal: AbortSignal,
): AsyncGenerator<Page, void> {
  const limit = query.limit ?? pageSize;
  let left = query.most ?? mostObjects;
  let token = '';
  let restarts = 0;
  let restarted = false;
  for (;;) {
    const answer = await ask(client, resource, { ...query, limit }, token, signal);
    if (answer === 'gone') {
      if (token === '' || restarts++ > 0) throw bad(client, l10n.t('it forgets its list while it is read'));
      token = '';
      restarted = true;
      left = query.most ?? mostObjects;
      continue;
    }
    const items = answer.items.slice(0, left);
    // A page of nothing counts too, or a server that always promises more would be asked forever.
    left -= Math.max(items.length, Math.ceil(limit / 2));
    token = left > 0 ? answer.next : '';
    const truncated = items.length < answer.items.length || (answer.next !== '' && token === '');
    yield { items, resourceVersion: answer.resourceVersion, restarted, truncated };
    restarted = false;
    if (token === '') return;
  }
}

async function ask(
  client: ApiClient,
  resource: ApiResource,
  query: ListQuery & { readonly limit: number },
  token: string,
  signal: AbortSignal,
) {
  try {
    const answer = await client.json({
      method: 'GET',
      path: resourcePath(resource, query.namespace),
      query: {
        ...selection(query),
        limit: String(query.limit),
        ...(token === '' ? {} : { continue: token }),
      },
      ...(query.metadataOnly === true
        ? { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' }
        : {}),
      signal,
    });
    return read(answer, query.metadataOnly === true, client);
  } catch (error) {
    if (error instanceof Gone) return 'gone';
    throw error;
  }
}

function read(answer: unknown, metadataOnly: boolean, client: ApiClient) {
  const list = objectOf(answer);
  // An empty list may be written as null (Go's nil slice).
  if (list === undefined || !(Array.isArray(list['items']) || isEmptyList(list)))
    throw bad(client, l10n.t('it is not a list'));
  const metadata = objectOf(list['metadata']);
  const resourceVersion = textOf(metadata?.['resourceVersion']) ?? '';
  const next = textOf(metadata?.['continue']) ?? '';
  if (next.length > longestToken || resourceVersion.length > longestToken)
    throw bad(client, l10n.t('where the list goes on is too long'));
  const items = elementsOf(list['items']);
  return {
    items: metadataOnly ? items.map(metadataOnlyOf) : items,
    next,
    resourceVersion,
  };
}

function isEmptyList(list: JsonObject): boolean {
  return (list['items'] ?? null) === null && textOf(list['kind'])?.endsWith('List') === true;
}

function bad(client: ApiClient, reason: string): Failure {
  return new Failure('cluster.bad-answer', { server: client.server, reason });
}
