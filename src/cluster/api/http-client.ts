import { setMaxListeners } from 'node:events';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';
import type { ApiAccess, ApiClient, ApiRequest } from './api.ts';
import { askedFor } from './asked-for.ts';
import { parseJson, readLines, readWhole } from './body.ts';
import { Exchange } from './exchange.ts';
import { Gone } from './gone.ts';
import { objectOf } from './json.ts';
import { pause } from './pause.ts';
import { requestOptions } from './request-options.ts';
import { redirection, refusalFailure, retryAfter, webPage } from './status.ts';
import { Turns } from './turns.ts';
import { unpatched } from './unpatched.ts';

/** Node's `request`, of `node:http` and `node:https`, as the editor has patched them. */
export interface HttpRequests {
  readonly http: (options: RequestOptions) => ClientRequest;
  readonly https: (options: RequestOptions) => ClientRequest;
}

/** Milliseconds and bytes. */
export interface ClientLimits {
  readonly firstByte: number;
  readonly wholeAnswer: number;
  readonly body: number;
  readonly line: number;
  /** How many requests but watches are under way at once. */
  readonly atOnce: number;
  /** How long to wait at most when the server asks for patience, and how often. */
  readonly patience: number;
  readonly retries: number;
}

export const clientLimits: ClientLimits = {
  firstByte: 15_000,
  wholeAnswer: 60_000,
  body: 64 << 20,
  line: 8 << 20,
  atOnce: 8,
  patience: 10_000,
  retries: 2,
};

const errorBody = 64 << 10;

/** An `ApiClient` over HTTP/1.1. Credentials go to the origin of `access.server` only. */
export class HttpClient implements ApiClient {
  readonly server: string;
  readonly #access: ApiAccess;
  readonly #requests: HttpRequests;
  readonly #limits: ClientLimits;
  readonly #turns: Turns;
  readonly #closing = new AbortController();

  constructor(access: ApiAccess, requests: HttpRequests, limits: ClientLimits = clientLimits) {
    const { protocol, hostname, port } = access.server;
    this.server = `${hostname}:${port === '' ? (protocol === 'http:' ? '80' : '443') : port}`;
    this.#access = access;
    this.#requests = requests;
    this.#limits = limits;
    this.#turns = new Turns(limits.atOnce);
    // Every request under way listens, and a cluster has more watches than Node takes for a leak.
    setMaxListeners(0, this.#closing.signal);
  }

  async json(request: ApiRequest): Promise<unknown> {
    return parseJson(await this.text(request), this.server);
  }

  text(request: ApiRequest): Promise<string> {
    return this.#turns.take(async () => {
      const exchange = await this.#agreed(request, this.#limits.wholeAnswer);
      try {
        return (await readWhole(exchange.chunks(), this.#limits.body, this.server)).toString();
      } finally {
        exchange.end();
      }
    }, request.signal);
  }

  stream(request: ApiRequest, take: (bytes: Uint8Array) => boolean): Promise<void> {
    return this.#turns.take(async () => {
      const exchange = await this.#agreed(request, this.#limits.wholeAnswer);
      try {
        for await (const bytes of exchange.chunks()) if (!take(bytes)) return;
      } finally {
        exchange.end();
      }
    }, request.signal);
  }

  async lines(request: ApiRequest): Promise<AsyncIterable<string>> {
    const exchange = await this.#agreed(request, undefined);
    return this.#linesOf(exchange);
  }

  async *#linesOf(exchange: Exchange): AsyncGenerator<string, void> {
    try {
      yield* readLines(exchange.chunks(), this.#limits.line, this.server);
    } finally {
      exchange.end();
    }
  }

  close(): void {
    this.#closing.abort();
    this.#access.agent.destroy();
  }

  /** Asks until the server agrees: again with new credentials, and again where it asks for patience. */
  async #agreed(request: ApiRequest, whole: number | undefined): Promise<Exchange> {
    let refused = false;
    for (let waits = 0; ; ) {
      const exchange = new Exchange(this.server, [request.signal, this.#closing.signal]);
      let wait: number | undefined;
      try {
        const answer = await this.#send(exchange, request, refused, whole);
        if (isGood(answer)) return exchange;
        wait = waits < this.#limits.retries ? retryAfter(answer, this.#limits.patience) : undefined;
        const again = wait !== undefined || (answer.statusCode === 401 && !refused);
        if (!again) throw await this.#failure(exchange, answer, request);
        refused ||= answer.statusCode === 401;
      } catch (error) {
        exchange.end();
        throw error;
      }
      exchange.end();
      if (wait === undefined) continue;
      waits++;
      await pause(wait, request.signal, this.#closing.signal);
    }
  }

  async #send(exchange: Exchange, request: ApiRequest, refused: boolean, whole: number | undefined) {
    const headers = await this.#access.headers(refused, exchange.signal);
    const options = requestOptions(this.#access, request, headers);
    const deadlines = { firstByte: this.#limits.firstByte, whole };
    const content = request.patch ?? request.body;
    const body = content === undefined ? undefined : JSON.stringify(content);
    const answer = await exchange.send(() => this.#open(options), body, deadlines);
    if (this.#access.server.protocol === 'https:' && !isEncrypted(answer))
      throw new Failure('cluster.unreachable', {
        server: this.server,
        reason: l10n.t('a proxy answers {0} in its place', answer.statusCode ?? 0),
      });
    const unusable =
      redirection(answer, this.#access.server, this.server) ??
      (isGood(answer) ? webPage(answer, this.server) : undefined);
    if (unusable !== undefined) throw unusable;
    return answer;
  }

  #open(options: RequestOptions): ClientRequest {
    const { http, https } = this.#access.proxied ? unpatched : this.#requests;
    return this.#access.server.protocol === 'http:' ? http(options) : https(options);
  }

  async #failure(exchange: Exchange, answer: IncomingMessage, request: ApiRequest): Promise<Error> {
    const code = answer.statusCode ?? 0;
    const status = await this.#status(exchange);
    const failure = refusalFailure({ code, status }, askedFor(request), this.server);
    const beginsAnew = request.query?.['continue'] !== undefined || request.query?.['watch'] !== undefined;
    if (!(failure instanceof Gone) || beginsAnew) return failure;
    return new Failure('cluster.refused', { server: this.server, reason: l10n.t('it answers {0}', 410) });
  }

  /** The `Status` that an error answer holds; what is no such thing is of no use to anybody. */
  async #status(exchange: Exchange) {
    exchange.endAfter(this.#limits.firstByte);
    try {
      const body = await readWhole(exchange.chunks(), errorBody, this.server);
      return objectOf(parseJson(body.toString(), this.server));
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }
}

/** Agents for proxies may pass off as the server's what the proxy itself said before there was TLS: the editor's own does. */
function isEncrypted({ socket }: IncomingMessage): boolean {
  return 'encrypted' in socket && socket.encrypted === true;
}

function isGood(answer: IncomingMessage): boolean {
  const code = answer.statusCode ?? 0;
  return code >= 200 && code < 300;
}
