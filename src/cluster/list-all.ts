import type { ApiClient, ApiResource } from './api/api.ts';
import { type ListQuery, listPages } from './api/list.ts';

/** What `read` makes of each object of a list, in the server's order; what it gives undefined for is left out. Throws `cluster.…`. */
export async function listAll<T>(
  client: ApiClient,
  resource: ApiResource,
  query: ListQuery,
  read: (object: unknown) => T | undefined,
  signal: AbortSignal,
): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const { items, restarted } of listPages(client, resource, query, signal)) {
    if (restarted) found.length = 0;
    for (const item of items) {
      const one = read(item);
      if (one !== undefined) found.push(one);
    }
  }
  return found;
}
