import type { ServerResponse } from 'node:http';
import { drained, events, json } from './lying-answers.ts';
import type { Answer, Asked } from './lying-server.ts';

interface Named {
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/**
 * The objects of a kind, served as an API server does: pages, `continue`, metadata alone where it is asked for, watches. Made as
 * they are sent, so that there may be many. Use: `server.on('/api/v1/secrets', served.answer)`.
 */
export class ServedObjects {
  readonly #watches = new Set<ServerResponse>();
  readonly #make: (index: number) => Named;
  readonly #count: number;
  #resourceVersion = 1;

  constructor(count: number, make: (index: number) => Named) {
    this.#count = count;
    this.#make = make;
  }

  readonly answer: Answer = (response, asked, nth) =>
    asked.query.get('watch') === 'true' ? this.#watch(response, asked, nth) : this.#list(response, asked);

  get watches(): number {
    return this.#watches.size;
  }

  /** Tells the watches of it. */
  push(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: Named): void {
    const metadata = { ...object.metadata, resourceVersion: String(++this.#resourceVersion) };
    for (const watch of this.#watches)
      watch.write(`${JSON.stringify({ type, object: { ...object, metadata } })}\n`);
  }

  /** Ends the watches, as servers do from time to time. */
  end(): void {
    for (const watch of this.#watches) watch.end();
  }

  async #list(response: ServerResponse, { query, headers }: Asked): Promise<void> {
    const from = Number(query.get('continue') ?? '0');
    const to = Math.min(this.#count, from + Number(query.get('limit') ?? this.#count));
    const alone = headers.accept?.includes('PartialObjectMetadata') === true;
    const metadata = {
      resourceVersion: String(this.#resourceVersion),
      ...(to < this.#count ? { continue: String(to), remainingItemCount: this.#count - to } : {}),
    };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(`{"kind":"List","apiVersion":"v1","metadata":${JSON.stringify(metadata)},"items":[`);
    for (let index = from; index < to; index++) {
      const object = this.#make(index);
      const item = JSON.stringify(alone ? { metadata: object.metadata } : object);
      if (!response.write(index === from ? item : `,${item}`)) await drained(response);
    }
    response.end(']}');
  }

  #watch(response: ServerResponse, asked: Asked, nth: number): void | Promise<void> {
    if (asked.query.get('resourceVersion') === null) return json({}, 400)(response, asked, nth);
    this.#watches.add(response);
    response.on('close', () => this.#watches.delete(response));
    return events([], { open: true })(response, asked, nth);
  }
}
