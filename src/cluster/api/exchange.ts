import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';
import { connectionFailure } from './connection-failure.ts';

/** How long to wait, in milliseconds. */
export interface Deadlines {
  /** For the connection and the head of the answer. */
  readonly firstByte: number;
  /** For all of it; undefined for what goes on until the server ends it. */
  readonly whole: number | undefined;
}

/** One request and its answer. Whoever has one calls `end`. */
export class Exchange {
  readonly #ending = new AbortController();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #signals: readonly AbortSignal[];
  readonly #server: string;
  #request: ClientRequest | undefined;
  #answer: IncomingMessage | undefined;
  /** The first: after the head, the body's reader learns only that there is no more. */
  #error: unknown;

  /** @param signals ends it with the reason of the first that is aborted */
  constructor(server: string, signals: readonly AbortSignal[]) {
    this.#server = server;
    this.#signals = signals;
    for (const signal of signals) signal.addEventListener('abort', this.#abort, { once: true });
    if (signals.some(({ aborted }) => aborted)) this.#abort();
  }

  /** Aborted when it ends before its time. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Resolves to the head of the answer; its body is `chunks`. Throws `cluster.…` and the signal's reason. */
  async send(request: () => ClientRequest, body: string | undefined, deadlines: Deadlines) {
    for (const signal of this.#signals) signal.throwIfAborted();
    if (deadlines.whole !== undefined) this.endAfter(deadlines.whole);
    const waiting = this.endAfter(deadlines.firstByte);
    try {
      return await this.#head(request(), body);
    } catch (error) {
      throw this.#told(error);
    } finally {
      clearTimeout(waiting);
    }
  }

  #head(request: ClientRequest, body: string | undefined): Promise<IncomingMessage> {
    this.#request = request;
    return new Promise((resolve, reject) => {
      // A request that waits for its proxy has no connection yet, and does not say when it is destroyed.
      this.#ending.signal.addEventListener('abort', () => reject(new Error('ended')), { once: true });
      request.on('error', (error) => {
        this.#error ??= error;
        reject(error);
      });
      request.on('close', () => reject(new Error('closed')));
      request.on('response', (answer) => {
        this.#answer = answer;
        answer.on('error', () => {});
        resolve(answer);
      });
      request.on('socket', (socket) => socket.setKeepAlive?.(true, 30_000));
      request.end(body);
    });
  }

  /** The body as it comes, decompressed. */
  async *chunks(): AsyncGenerator<Buffer, void> {
    const answer = this.#answer;
    if (answer === undefined) return;
    try {
      for await (const chunk of this.#decompressed(answer)) yield chunk as Buffer;
    } catch (error) {
      throw this.#told(error);
    }
    if (!answer.complete) throw this.#told(Object.assign(new Error(), { code: 'ECONNRESET' }));
  }

  #decompressed(answer: IncomingMessage): Readable {
    const encoding = answer.headers['content-encoding'] ?? 'identity';
    if (encoding === 'identity') return answer;
    if (encoding !== 'gzip') throw this.#bad(l10n.t('it is compressed in a way that was not asked for'));
    const gunzip = createGunzip();
    answer.on('error', (error) => gunzip.destroy(error));
    answer.on('aborted', () => gunzip.destroy(Object.assign(new Error(), { code: 'ECONNRESET' })));
    return answer.pipe(gunzip);
  }

  /** Throws `cluster.timeout` to whoever waits for it then. */
  endAfter(milliseconds: number): NodeJS.Timeout {
    const timer = setTimeout(
      () => this.#stop(new Failure('cluster.timeout', { server: this.#server })),
      milliseconds,
    );
    this.#timers.push(timer);
    return timer;
  }

  /** Stops listening, and closes the connection unless the whole answer was read. */
  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const signal of this.#signals) signal.removeEventListener('abort', this.#abort);
    if (this.#answer?.readableEnded !== true) this.#request?.destroy();
  }

  readonly #abort = () => {
    this.#stop(this.#signals.find((signal) => signal.aborted)?.reason);
  };

  #stop(reason: unknown): void {
    this.#ending.abort(reason);
    this.#request?.destroy(new Error('ended'));
    this.#answer?.destroy(new Error('ended'));
  }

  /** Why it ended: because it was to, or because something went wrong with the connection. */
  #told(error: unknown): unknown {
    if (this.#ending.signal.aborted) return this.#ending.signal.reason;
    if (error instanceof Failure) return error;
    const { code } = error as { readonly code?: unknown };
    if (typeof code === 'string' && code.startsWith('Z_')) return this.#bad(l10n.t('it is not gzip'));
    if (code === 'ERR_INVALID_CHAR')
      return new Failure('cluster.refused', {
        server: this.#server,
        reason: l10n.t('the credentials hold characters that cannot be sent'),
      });
    return connectionFailure(this.#error ?? error, this.#server);
  }

  #bad(reason: string): Failure {
    return new Failure('cluster.bad-answer', { server: this.#server, reason });
  }
}
