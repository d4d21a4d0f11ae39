import { Failure } from '../../core/errors.ts';
import type { ApiClient, ApiResource } from './api.ts';
import { askedFor } from './asked-for.ts';
import { type JsonObject, objectOf, textOf } from './json.ts';
import { metadataOnlyOf, resourcePath, type Selection, selection } from './selection.ts';
import { refusalFailure, statusRefusal } from './status.ts';

/** What a watch tells (WatchEvent of meta/v1). `unreadable`: a line that is none of them. */
export type WatchEvent =
  | { readonly type: 'set' | 'deleted'; readonly object: unknown; readonly resourceVersion: string }
  | { readonly type: 'bookmark'; readonly resourceVersion: string }
  | { readonly type: 'unreadable' };

export interface WatchOptions {
  readonly resourceVersion: string;
  /** After which the server ends the watch. */
  readonly seconds: number;
  /** How long after that it is given up, in milliseconds. */
  readonly grace: number;
}

/**
 * The events of a kind's objects, from when the server agrees until it ends the watch. Throws `Gone` where the resourceVersion
 * is too old, `cluster.…`, and the signal's reason.
 */
export async function watch(
  client: ApiClient,
  resource: ApiResource,
  query: Selection,
  { resourceVersion, seconds, grace }: WatchOptions,
  signal: AbortSignal,
): Promise<AsyncIterable<WatchEvent>> {
  const life = new Life(signal, seconds * 1000 + grace, client.server);
  const metadataOnly = query.metadataOnly === true;
  const request = {
    method: 'GET',
    path: resourcePath(resource, query.namespace),
    query: {
      ...selection(query),
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(Math.ceil(seconds)),
      resourceVersion,
    },
    ...(metadataOnly ? { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' } : {}),
    signal: life.signal,
  } as const;
  try {
    const lines = await client.lines(request);
    const refused = (status: unknown) =>
      refusalFailure(statusRefusal(status), askedFor(request), client.server);
    return eventsOf(lines, metadataOnly, refused, life);
  } catch (error) {
    life.end();
    throw error;
  }
}

async function* eventsOf(
  lines: AsyncIterable<string>,
  metadataOnly: boolean,
  refused: (status: unknown) => Error,
  life: Life,
): AsyncGenerator<WatchEvent, void> {
  try {
    for await (const line of lines) {
      const event = parsed(line);
      if (event?.['type'] === 'ERROR') throw refused(event['object']);
      yield eventOf(event, metadataOnly);
    }
  } finally {
    life.end();
  }
}

function parsed(line: string): JsonObject | undefined {
  try {
    return objectOf(JSON.parse(line));
  } catch {
    return undefined;
  }
}

const types: ReadonlyMap<unknown, 'set' | 'deleted' | 'bookmark'> = new Map([
  ['ADDED', 'set'],
  ['MODIFIED', 'set'],
  ['DELETED', 'deleted'],
  ['BOOKMARK', 'bookmark'],
]);

function eventOf(event: JsonObject | undefined, metadataOnly: boolean): WatchEvent {
  const type = types.get(event?.['type']);
  const object = objectOf(event?.['object']);
  const resourceVersion = textOf(objectOf(object?.['metadata'])?.['resourceVersion']) ?? '';
  if (type === undefined || resourceVersion === '' || resourceVersion.length > 100)
    return { type: 'unreadable' };
  if (type === 'bookmark') return { type, resourceVersion };
  return { type, object: metadataOnly ? metadataOnlyOf(object) : object, resourceVersion };
}

/** The watch's own signal: the caller's, and a deadline, for a connection that died without a word. */
class Life {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #timer: NodeJS.Timeout;

  constructor(outer: AbortSignal, milliseconds: number, server: string) {
    this.#outer = outer;
    const late = new Failure('cluster.timeout', { server });
    this.#timer = setTimeout(() => this.#controller.abort(late), milliseconds);
    outer.addEventListener('abort', this.#abort, { once: true });
    if (outer.aborted) this.#abort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#abort);
  }

  readonly #abort = () => this.#controller.abort(this.#outer.reason);
}
