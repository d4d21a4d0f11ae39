import {
  createServer as createHttpServer,
  Agent as HttpAgent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, Agent as HttpsAgent } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { ApiAccess } from '../../src/cluster/api/api.ts';
import { notFound } from './lying-answers.ts';

/** One request as the server got it. */
export interface Asked {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The whole of it. */
  readonly body: string;
  /** `Date.now()`. */
  readonly at: number;
}

/** What to do with a request; `nth` counts from 0 those that this answer got. */
export type Answer = (response: ServerResponse, asked: Asked, nth: number) => void | Promise<void>;

/** What of an access is not as it should be. */
interface AccessOptions extends Partial<Pick<ApiAccess, 'server' | 'headers'>> {
  /** PEM. */
  readonly ca?: string;
  readonly keepAlive?: boolean;
}

/**
 * An API server on the loopback that does what it is told, and nothing well: each path gets an answer, of `lying-answers.ts` or a
 * function. It records every request. Use:
 *
 *     const server = await LyingServer.start();              // http; { tls: { cert, key } } for https
 *     server.on('/api/v1/secrets', status(403, 'Forbidden', '…'));
 *     server.on(/^\/apis\//, inTurn(reset(), json({ … })));  // the first time, from then on
 *     new HttpClient(server.access(), requests)              // an `ApiAccess` with a bearer token
 *     server.count('/api/v1/secrets'); server.asked[0]?.headers.authorization; server.connections
 *     await server.stop();                                   // also ends what is still open
 *
 * Paths nobody named are answered 404, as a `Status`. What is named later wins. What goes wrong, and what does it:
 *
 * | unreachable | `await server.stop()` before the first request |
 * | reset, timeout, slow-loris | `reset`, `silence`, `dripHeaders`, `dripBody` |
 * | 401 with refresh, 403 of one kind, no such API | `onlyFor`, `status`, nothing named |
 * | 410 | `status(410, …)` for a watch or a `continue`; an ERROR event of `statusObject` in `events` |
 * | huge lists, lists without an end | `ServedObjects`, `endlessContinue`, `endless`, `gzipped` |
 * | not JSON, a login page, broken HTTP | `text`, `loginPage`, `raw`, `shortBody`, `longBody`, `brokenChunks`, `giantHeader` |
 * | redirect to another host | `redirect` to a second server, whose `count()` stays 0 |
 * | wrong certificate | `tls` of `describeTls` for another name or time, `access({ ca })` of another authority |
 * | overloaded | `status(429, …, { 'retry-after': '1e9' })` |
 * | names that disguise | `hostileName` in any object |
 */
export class LyingServer {
  readonly asked: Asked[] = [];
  readonly #routes: { readonly path: string | RegExp; readonly answer: Answer; count: number }[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  readonly #agents: HttpAgent[] = [];
  readonly #ca: string | undefined;

  private constructor(tls: { readonly cert: string; readonly key: string } | undefined) {
    const handle = (request: IncomingMessage, response: ServerResponse) =>
      void this.#handle(request, response);
    this.#ca = tls?.cert;
    this.#server = tls === undefined ? createHttpServer(handle) : createHttpsServer({ ...tls }, handle);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('tlsClientError', () => {});
  }

  static async start(
    options: { readonly tls?: { readonly cert: string; readonly key: string } } = {},
  ): Promise<LyingServer> {
    const server = new LyingServer(options.tls);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  on(path: string | RegExp, answer: Answer): this {
    this.#routes.unshift({ path, answer, count: 0 });
    return this;
  }

  /** How many requests there were, for a path or for all. */
  count(path?: string | RegExp): number {
    return this.asked.filter((asked) => path === undefined || matches(path, asked.path)).length;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): URL {
    return new URL(`${this.#ca === undefined ? 'http' : 'https'}://127.0.0.1:${this.port}`);
  }

  /** Open ones, idle or not. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** How to reach it: with its own certificate as the authority, unless `ca` says otherwise. */
  access(options: AccessOptions = {}): ApiAccess {
    const { ca = this.#ca, keepAlive = true } = options;
    const tls = { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) };
    const agent =
      this.#ca === undefined ? new HttpAgent({ keepAlive }) : new HttpsAgent({ keepAlive, ...tls });
    this.#agents.push(agent);
    return {
      server: options.server ?? this.url,
      insecure: false,
      tls,
      agent,
      proxied: false,
      headers: options.headers ?? (() => Promise.resolve({ authorization: 'Bearer a-token' })),
    };
  }

  async stop(): Promise<void> {
    for (const agent of this.#agents) agent.destroy();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {});
    const at = Date.now();
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server');
    const parts: Buffer[] = [];
    for await (const chunk of request) parts.push(chunk as Buffer);
    const asked = {
      method: request.method ?? '',
      path: pathname,
      query: searchParams,
      headers: request.headers,
      body: Buffer.concat(parts).toString(),
      at,
    };
    this.asked.push(asked);
    const route = this.#routes.find(({ path }) => matches(path, pathname));
    const answer = route?.answer ?? notFound();
    await answer(response, asked, route === undefined ? 0 : route.count++);
  }
}

function matches(path: string | RegExp, asked: string): boolean {
  return typeof path === 'string' ? path === asked : path.test(asked);
}
